#include "drivers/sqlite/record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "drivers/sqlite/handles.hpp"

namespace ommi::sqlite {

RecordReader::RecordReader(const std::vector<StoredColumn>& wanted) {
  for (std::size_t place = 0; place < wanted.size(); ++place) {
    const StoredColumn& column = wanted[place];
    outputs_.resize(std::max(outputs_.size(), column.position + 1));
    outputs_[column.position] = {static_cast<std::int32_t>(place), column.is_rowid, column.is_real};
  }
}

void fail_record(std::int64_t rowid, const char* what) {
  throw failure(ErrorCode::corrupt,
                fmt::format("the database is malformed: the row {}: {}", rowid, what), "scan");
}

}  // namespace ommi::sqlite
