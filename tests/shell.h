// Other programs, for tests that let them judge what we made.
#ifndef HOTICH_TESTS_SHELL_H_
#define HOTICH_TESTS_SHELL_H_

#include <array>
#include <cstdio>
#include <string>

namespace hotich {

struct Command {
  int status = 0;
  std::string output;  // standard output and standard error together
};

// Runs a line of shell and waits for it.
inline Command Shell(const std::string& line) {
  Command command;
  FILE* pipe = popen((line + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer;
  for (size_t n; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    command.output.append(buffer.data(), n);
  }
  command.status = pclose(pipe);
  return command;
}

inline bool IsInstalled(const std::string& program) {
  return Shell("command -v " + program).status == 0;
}

}  // namespace hotich

#endif  // HOTICH_TESTS_SHELL_H_
