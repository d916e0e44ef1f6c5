#include <algorithm>

#include <fmt/format.h>

#include "doctor/report_parts/text_parts.hpp"
#include "ommi/value.hpp"

namespace doctor::report_parts {
namespace {

constexpr std::size_t values_shown = 5;

Tone tone_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::loaded:
    case Outcome::empty:
    case Outcome::null:
      return Tone::good;
    case Outcome::partial:
      return Tone::caution;
    case Outcome::dangling:
    case Outcome::unreadable:
    case Outcome::failed:
      break;
  }
  return Tone::bad;
}

std::string bound(const std::vector<ommi::Value>& values, std::size_t limit) {
  std::string out;
  for (std::size_t at = 0; at < std::min(values.size(), limit); ++at) {
    out += fmt::format("{}{}", at == 0 ? "" : ", ", value_text(values[at]));
  }
  if (values.size() > limit) out += fmt::format(", … {} values", values.size());
  return out;
}

std::string field_text(const TextContext& context, const ommi::Model* model,
                       const NamedValue& named) {
  const bool shown =
      model != nullptr ? context.disclosure.shows(*model, named.name) : context.options.show_values;
  if (shown || named.value.is_null()) {
    return fmt::format("{} = {}", ommi::escaped(named.name), value_text(named.value));
  }
  return fmt::format("{}: {}", ommi::escaped(named.name), hidden_text(named.value));
}

std::string row_line(const TextContext& context, const ommi::Model* model, const RowSample& row) {
  std::string line;
  for (const NamedValue& named : fields_of(row)) {
    line += fmt::format("{}{}", line.empty() ? "" : ", ", field_text(context, model, named));
  }
  return line;
}

class Tree {
 public:
  explicit Tree(const TextContext& context) : context_(context) {}

  void add(const PathStep& step, const std::string& margin) {
    const std::string name =
        step.relation == nullptr
            ? ommi::printable(step.path)
            : fmt::format("{}  {}", ommi::printable(step.path), kind_text(*step.relation));
    out_ += fmt::format("{}{}\n", margin, context_.paint(name, Tone::strong));
    const std::string inner = margin + "  ";
    if (step.call == 0 && step.statement.empty()) {
      // The rows that a path starts from were asked for; a lazy field may be there already.
      line(inner, "driver", step.relation == nullptr ? "" : "no call was needed");
    } else {
      asked(step, inner);
    }
    line(inner, "returned", ommi::printable(step.returned));
    if (!step.returned.empty()) line(inner, "rows", fmt::format("{}", step.rows));
    line(inner, "boundary", ommi::printable(step.boundary));
    out_ += fmt::format(
        "{}{}  {}\n", inner, context_.paint("value   ", Tone::faint),
        context_.paint(fmt::format("{} ({})", ommi::printable(step.value), to_string(step.outcome)),
                       tone_of(step.outcome)));
    rows(step, inner);
    for (const PathStep& child : step.children) add(child, inner + "  ");
  }

  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  void asked(const PathStep& step, const std::string& margin) {
    const std::size_t limit = context_.options.verbose ? step.values.size() : values_shown;
    out_ += fmt::format("{}{}  {}\n", margin, context_.paint("query   ", Tone::faint),
                        query_text(step.statement));
    if (!step.values.empty()) line(margin, "bound", bound(step.values, limit));
    line(margin, "driver",
         fmt::format("call {}{}, {}", step.call,
                     step.owners > 0 ? " for " + counted(step.owners, "owner", "owners") : "",
                     duration_text(step.duration_ns)));
  }

  void rows(const PathStep& step, const std::string& margin) {
    const ommi::Model* model = model_of(context_.diagnosis, step);
    for (const RowSample& row : step.shown) {
      const std::size_t used = columns(margin) + 2;
      const std::size_t room =
          context_.options.width > used + 20 ? context_.options.width - used : 20;
      const std::string text = row_line(context_, model, row);
      out_ += fmt::format("{}  {}\n", margin, context_.options.verbose ? text : cut(text, room));
    }
    if (step.rows > step.shown.size() && !step.shown.empty()) {
      out_ += fmt::format("{}  … {} in all\n", margin, counted(step.rows, "row", "rows"));
    }
  }

  void line(const std::string& margin, std::string_view label, std::string_view text) {
    if (text.empty()) return;
    out_ += fmt::format("{}{}  {}\n", margin,
                        context_.paint(fmt::format("{:<8}", label), Tone::faint), text);
  }

  const TextContext& context_;
  std::string out_;
};

}  // namespace

std::string tree_lines(const TextContext& context) {
  if (!context.diagnosis.path) return {};
  Tree tree(context);
  tree.add(*context.diagnosis.path, "");
  return std::move(tree).take();
}

}  // namespace doctor::report_parts
