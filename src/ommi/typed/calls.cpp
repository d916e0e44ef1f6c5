#include "engine/calls.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "ommi/typed.hpp"
#include "typed/typed_rows.hpp"

namespace ommi::engine {
namespace {

// The model of `type` in the database's catalog, or the problem.
const Model& model_of(const Session& session, const void* type, std::string_view type_name) {
  if (const Model* found = session.catalog()->find_type(type)) return *found;
  throw unknown_type(type_name);
}

}  // namespace

Finder TypedCalls::find(const Database& database, const void* type, std::string_view type_name) {
  return {database.session_, database.session_->catalog()->find_type(type), type_name};
}

void TypedCalls::where(Finder& finder, const std::function<Expression(const Model&)>& condition) {
  if (finder.problem_) return;
  try {
    finder.where(condition(*finder.query_.model));
  } catch (const DatabaseError& error) {
    finder.problem_ = error;
  }
}

void TypedCalls::order_by(Finder& finder, const void* member, bool descending) {
  if (finder.problem_) return;
  try {
    finder.query_.order.push_back({field_of(*finder.query_.model, member), descending});
  } catch (const DatabaseError& error) {
    finder.problem_ = error;
  }
}

void TypedCalls::with(Finder& finder, const void* member) {
  if (finder.problem_) return;
  try {
    finder.with_.push_back(&relation_of(*finder.query_.model, member));
  } catch (const DatabaseError& error) {
    finder.problem_ = error;
  }
}

DBResult<Done> TypedCalls::read(const Finder& finder, Due due, ObjectStore& objects) {
  if (finder.problem_) return finder.session_->failed(*finder.problem_);
  const Session::QueryHook hook(*finder.session_, finder.tracer_);
  return finder.session_->captured(
      {.operation = "fetch", .model = finder.query_.model->name()}, [&] {
        Query query = finder.ordered();
        if (due != Due::all) {
          const std::uint64_t most = due == Due::one ? 2 : 1;
          query.limit = std::min(most, query.limit.value_or(most));
        }
        const auto rows = std::make_shared<TypedRows>(finder.session_, *query.model,
                                                      finder.session_->fetch, objects);
        finder.session_->each_row(query, {}, [&](std::span<const Cell> row) {
          rows->append(row);
          return rows->faults().empty();
        });
        if (!rows->faults().empty()) throw rows->error_of(rows->faults().front());
        if (due == Due::one) check_one(*query.model, rows->size());
        for (const Relation* relation : finder.with_) rows->load_now(*relation);
        return Done{};
      });
}

DBResult<std::uint64_t> TypedCalls::stream(const Finder& finder, std::size_t window,
                                           ObjectStore& objects,
                                           const std::function<bool()>& consume) {
  if (finder.problem_) return finder.session_->failed(*finder.problem_);
  const Session::QueryHook hook(*finder.session_, finder.tracer_);
  return finder.session_->captured(
      {.operation = "stream", .model = finder.query_.model->name()}, [&] {
        const Query query = finder.ordered();
        const auto fresh = [&] {
          return std::make_shared<TypedRows>(finder.session_, *query.model, finder.session_->fetch,
                                             objects);
        };
        std::shared_ptr<TypedRows> rows = fresh();
        const auto hand_over = [&] {
          if (!rows->faults().empty()) throw rows->error_of(rows->faults().front());
          for (const Relation* relation : finder.with_) rows->load_now(*relation);
          return consume();
        };
        bool wanted = true;
        const std::uint64_t read = finder.session_->each_row(
            query, {.operation = "stream"}, [&](std::span<const Cell> row) {
              rows->append(row);
              if (rows->size() < window && rows->faults().empty()) return true;
              wanted = hand_over();
              // Objects with lazy fields still hold these rows.
              if (query.model->relations.empty()) {
                rows->clear();
              } else {
                rows = fresh();
              }
              return wanted;
            });
        if (wanted && rows->size() > 0) hand_over();
        return read;
      });
}

DBResult<std::uint64_t> TypedCalls::update(const Finder& finder,
                                           std::span<const MemberValue> values) {
  if (finder.problem_) return finder.session_->failed(*finder.problem_);
  const Model& model = *finder.query_.model;
  const auto named = finder.session_->captured({.operation = "update", .model = model.name()}, [&] {
    std::vector<std::pair<std::string, Value>> fields;
    for (const MemberValue& value : values) {
      fields.emplace_back(model.fields()[field_of(model, value.member)].name, value.value);
    }
    return fields;
  });
  if (const Failure* failed = named.failure()) return *failed;
  return finder.update(named.value());
}

DBResult<Done> TypedCalls::load(std::span<const LazyField* const> fields) {
  return capture({.operation = "load"}, [&] {
    std::map<std::pair<Answer*, std::uint32_t>, std::vector<std::uint32_t>> wanted;
    for (const LazyField* field : fields) {
      if (!field->answer_) {
        throw DatabaseError(ErrorCode::detached,
                            "an object that no database knows: attach it, or add it");
      }
      wanted[{field->answer_, field->relation_}].push_back(field->row_);
    }
    for (auto& [place, rows] : wanted) {
      // Copies of an object share its row.
      std::sort(rows.begin(), rows.end());
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
      place.first->load_now(place.first->model().relations[place.second], rows);
    }
    return Done{};
  });
}

DBResult<Done> TypedCalls::attach(const Database& database, const void* type,
                                  std::string_view type_name, std::span<void* const> objects) {
  return database.session_->captured({.operation = "attach"}, [&] {
    Session& session = *database.session_;
    const Model& model = model_of(session, type, type_name);
    const auto rows = std::make_shared<TypedRows>(database.session_, model, session.fetch);
    for (void* const object : objects) rows->adopt(object);
    return Done{};
  });
}

void TypedCalls::bind(LazyField& field, Answer& pinned, std::uint32_t row,
                      std::uint32_t relation) noexcept {
  if (field.answer_ != nullptr) field.let_go();
  field.answer_ = &pinned;
  field.row_ = row;
  field.relation_ = relation;
}

}  // namespace ommi::engine
