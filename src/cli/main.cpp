#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.hpp"

int main(int argc, char** argv) {
  winsize size{};
  const bool sized = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40;
  cli::Terminal terminal{stdout,
                         stderr,
                         isatty(STDOUT_FILENO) == 1,
                         isatty(STDERR_FILENO) == 1,
                         sized ? size.ws_col : 100U,
                         stdin,
                         isatty(STDIN_FILENO) == 1};
  return cli::run(argc, argv, terminal);
}
