#include "doctor/sweep/sampler.hpp"

#include <algorithm>

namespace doctor {

namespace {
// A row without a key is shown by its fields; more than these name it no better.
constexpr std::size_t most_naming_fields = 8;
}  // namespace

std::size_t ScanColumns::place(std::size_t field) {
  const auto found = std::find(fields_.begin(), fields_.end(), field);
  if (found != fields_.end()) return static_cast<std::size_t>(found - fields_.begin());
  fields_.push_back(field);
  return fields_.size() - 1;
}

std::vector<std::size_t> ScanColumns::places(std::span<const std::size_t> fields) {
  std::vector<std::size_t> found;
  for (const std::size_t field : fields) found.push_back(place(field));
  return found;
}

void ScanColumns::add_naming_fields(const std::vector<bool>& usable) {
  naming_ = model_->key;
  if (naming_.empty()) {
    for (std::size_t field = 0; field < model_->fields().size(); ++field) naming_.push_back(field);
  }
  std::erase_if(naming_, [&](std::size_t field) { return !usable[field]; });
  if (naming_.size() > most_naming_fields) naming_.resize(most_naming_fields);
  for (const std::size_t field : naming_) place(field);
}

std::vector<std::string> ScanColumns::names() const {
  std::vector<std::string> names;
  for (const std::size_t field : fields_) names.push_back(model_->fields()[field].column());
  return names;
}

NamedValue ScanColumns::named(std::span<const ommi::Value> row, std::size_t field) const {
  const auto found = std::find(fields_.begin(), fields_.end(), field);
  return {model_->fields()[field].name, row[static_cast<std::size_t>(found - fields_.begin())]};
}

RowSample ScanColumns::sample(std::span<const ommi::Value> row,
                              std::span<const std::size_t> shown) const {
  RowSample sample;
  for (const std::size_t field : naming_) sample.key.push_back(named(row, field));
  for (const std::size_t field : shown) sample.value.push_back(named(row, field));
  return sample;
}

void Sampler::take(std::span<const ommi::Cell> row, std::uint64_t number) {
  if (limit_ == 0) return;
  if (first_.size() + 1 < limit_) {
    Kept kept{number, {}};
    for (const ommi::Cell& cell : row) kept.row.emplace_back(cell);
    first_.push_back(std::move(kept));
    return;
  }
  last_number_ = number;
  last_.assign(row.begin(), row.end());
  bytes_.clear();
  for (const ommi::Cell& cell : row) bytes_.append(cell.view());
}

void Sampler::merge(const Sampler& other) {
  std::vector<Kept> all = std::move(first_);
  all.insert(all.end(), other.first_.begin(), other.first_.end());
  if (!last_.empty()) all.push_back({last_number_, last()});
  if (!other.last_.empty()) all.push_back({other.last_number_, other.last()});
  std::stable_sort(all.begin(), all.end(),
                   [](const Kept& left, const Kept& right) { return left.number < right.number; });
  first_.clear();
  last_.clear();
  if (all.empty()) return;
  if (all.size() >= limit_) {
    keep_last(all.back().row, all.back().number);
    all.resize(limit_ - 1);
  }
  first_ = std::move(all);
}

void Sampler::keep_last(const std::vector<ommi::Value>& row, std::uint64_t number) {
  last_number_ = number;
  bytes_.clear();
  for (const ommi::Value& value : row) {
    last_.push_back(value.cell());
    bytes_.append(value.cell().view());
  }
}

std::vector<ommi::Value> Sampler::last() const {
  std::vector<ommi::Value> values;
  std::size_t offset = 0;
  for (ommi::Cell cell : last_) {
    if (cell.kind >= ommi::Kind::text) {
      cell.data = bytes_.data() + offset;
      offset += cell.size;
    }
    values.emplace_back(cell);
  }
  return values;
}

std::vector<std::vector<ommi::Value>> Sampler::rows() const {
  std::vector<std::vector<ommi::Value>> rows;
  for (const Kept& kept : first_) rows.push_back(kept.row);
  if (!last_.empty()) rows.push_back(last());
  return rows;
}

std::vector<RowSample> Sampler::samples(const ScanColumns& columns,
                                        std::span<const std::size_t> shown) const {
  std::vector<RowSample> samples;
  for (const auto& row : rows()) samples.push_back(columns.sample(row, shown));
  return samples;
}

}  // namespace doctor
