#include "cli/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace cli {
namespace {

// A signal handler can be handed nothing, so these two are the program's only globals.
std::atomic<ommi::Database*> guarded{nullptr};
std::atomic<bool> was_interrupted{false};
static_assert(std::atomic<ommi::Database*>::is_always_lock_free);

extern "C" void on_interrupt(int) {
  was_interrupted.store(true);
  ommi::Database* database = guarded.load();
  if (database != nullptr) database->set_deadline(std::chrono::steady_clock::now());
}

void handle(void (*handler)(int)) noexcept {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard(ommi::Database& database) {
  was_interrupted.store(false);
  guarded.store(&database);
  handle(on_interrupt);
}

InterruptGuard::~InterruptGuard() {
  handle(SIG_DFL);
  guarded.store(nullptr);
}

bool InterruptGuard::interrupted() noexcept { return was_interrupted.load(); }

void ignore_broken_pipes() noexcept {
  struct sigaction action = {};
  action.sa_handler = SIG_IGN;
  sigemptyset(&action.sa_mask);
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace cli
