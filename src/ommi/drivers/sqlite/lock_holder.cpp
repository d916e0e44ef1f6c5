#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "drivers/sqlite/file_state.hpp"
#include "ommi/value.hpp"

namespace ommi::sqlite {
namespace {

// SQLite's lock bytes: PENDING, RESERVED, and the 510 of SHARED.
constexpr off_t first_lock_byte = 0x40000000;
constexpr off_t lock_bytes = 512;
// In the -shm, the byte that each process with the database open keeps a lock on.
constexpr off_t index_lock_byte = 128;

// The descriptor that SQLite itself has open: opening and closing one of our own would drop the
// locks that this process holds on the file.
int own_descriptor(const std::string& path) {
  struct stat wanted = {};
  if (::stat(path.c_str(), &wanted) != 0) return -1;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const std::string name = entry.path().filename().string();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    struct stat status = {};
    if (descriptor >= 0 && ::fstat(descriptor, &status) == 0 && status.st_dev == wanted.st_dev &&
        status.st_ino == wanted.st_ino) {
      return descriptor;
    }
  }
  return -1;
}

struct flock lock_on(short kind, off_t first, off_t bytes) {
  struct flock lock = {};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  lock.l_start = first;
  lock.l_len = bytes;
  return lock;
}

std::string name_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/comm", process));
  std::string name;
  std::getline(file, name);
  return escaped(name);
}

}  // namespace

std::string lock_holder(const std::string& path) {
  const int descriptor = own_descriptor(path);
  if (descriptor < 0) return {};
  struct flock lock = lock_on(F_RDLCK, first_lock_byte, lock_bytes);
  if (::fcntl(descriptor, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK || lock.l_pid <= 0) {
    return {};
  }
  const std::string name = name_of(lock.l_pid);
  return name.empty() ? fmt::format("process {}", lock.l_pid)
                      : fmt::format("process {} ({})", lock.l_pid, name);
}

bool index_in_use(const std::string& path) {
  const int descriptor = own_descriptor(path + "-shm");
  if (descriptor < 0) return false;
  struct flock lock = lock_on(F_WRLCK, index_lock_byte, 1);
  return ::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace ommi::sqlite
