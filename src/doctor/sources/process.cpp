#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "doctor/sources/python_reader.hpp"

extern char** environ;

namespace doctor::sources {
namespace {

using std::chrono::steady_clock;

// The program's own; ours are nobody's business here.
constexpr int program_input = 0;
constexpr int program_output = 1;
constexpr int program_errors = 2;

constexpr std::size_t most_errors = std::size_t{64} << 10U;

/// A descriptor that is closed with its owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void take(int number) {
    close();
    number_ = number;
  }
  void close() noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool open() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

[[noreturn]] void give_up(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// What stands between us and the program. Its input is a socket: writing to one whose other end
/// is gone is an error, not a signal that ends us.
struct Channels {
  Descriptor input, output, errors;                    // our ends
  Descriptor their_input, their_output, their_errors;  // the program's

  Channels() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) give_up("socket");
    input.take(ends[0]);
    their_input.take(ends[1]);
    open_pipe(output, their_output);
    open_pipe(errors, their_errors);
  }
  void close_theirs() {
    their_input.close();
    their_output.close();
    their_errors.close();
  }

 private:
  static void open_pipe(Descriptor& ours, Descriptor& theirs) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("pipe");
    ours.take(ends[0]);
    theirs.take(ends[1]);
  }
};

/// Starts the program; gives an errno.
int start(const Process& process, const Channels& channels, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, channels.their_input.number(), program_input);
  posix_spawn_file_actions_adddup2(&actions, channels.their_output.number(), program_output);
  posix_spawn_file_actions_adddup2(&actions, channels.their_errors.number(), program_errors);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  posix_spawnattr_setsigmask(&attributes, &usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  for (const std::string& argument : process.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const int error =
      ::posix_spawnp(&child, arguments.front(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/// Takes what is there to read; closes at the end. What is beyond `most` is dropped; says whether
/// there was any.
bool take(Descriptor& from, std::string& into, std::size_t most) {
  std::array<char, std::size_t{64} << 10U> block{};
  const ssize_t count = ::read(from.number(), block.data(), block.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return false;
  if (count <= 0) {
    from.close();
    return false;
  }
  const auto bytes = static_cast<std::size_t>(count);
  const std::size_t kept = std::min(bytes, most - into.size());
  into.append(block.data(), kept);
  return kept < bytes;
}

void give(Descriptor& to, std::string_view& rest) {
  const ssize_t count = ::send(to.number(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
  if (count < 0 || rest.empty()) to.close();
}

/// Writes and reads until the program has closed what it prints to; false when it was to be killed.
bool talk(const Process& process, Channels& channels, Ended& ended) {
  const auto end = steady_clock::now() + process.deadline;
  std::string_view input = process.input;
  while (channels.output.open() || channels.errors.open()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
    if (left <= 0) {
      ended.late = true;
      return false;
    }
    std::array<pollfd, 3> waited = {{{channels.output.number(), POLLIN, 0},
                                     {channels.errors.number(), POLLIN, 0},
                                     {channels.input.number(), POLLOUT, 0}}};
    if (::poll(waited.data(), waited.size(), static_cast<int>(std::min<long>(left, 1000))) <= 0)
      continue;
    if (waited[0].revents != 0 && take(channels.output, ended.output, process.most_output)) {
      ended.too_much = true;
      return false;
    }
    if (waited[1].revents != 0) static_cast<void>(take(channels.errors, ended.errors, most_errors));
    if (waited[2].revents != 0) give(channels.input, input);
  }
  return true;
}

}  // namespace

Ended run_process(const Process& process) {
  Ended ended;
  Channels channels;
  pid_t child = 0;
  ended.start_error = start(process, channels, child);
  channels.close_theirs();
  if (ended.start_error != 0) return ended;
  if (!talk(process, channels, ended)) ::kill(child, SIGKILL);
  channels.input.close();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
  return ended;
}

}  // namespace doctor::sources
