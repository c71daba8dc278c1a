// Why a process: SANE drivers crash, hang in blocking reads that nothing can interrupt, and are not
// safe in two threads of one program. A child that hangs is killed, which is the only recovery that
// always works.
//
// posix_spawn, not fork: the parent has threads. The child leads a process group of its own, so
// that readers which a driver forks die with it, and Ctrl-C at the terminal reaches the parent
// alone.
#include "capture/scanner/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "capture/scanner/faults.h"

extern char** environ;

namespace hotich::scanner {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Time for a child to cancel, park the carriage and close the device before it is killed.
constexpr milliseconds kQuitGrace(5000);
// Time for the kernel to end a killed process. Longer only when it is stuck inside a system call.
constexpr milliseconds kKillGrace(2000);
// Room in the pipe, bytes: fewer wake-ups for a picture of a hundred megabytes.
constexpr int kPipeBytes = 1 << 20;
// Marks the environment of a child. A program that is one and asks for a child of its own does not
// know "scanner-child" and would start itself for ever.
constexpr char kInsideVariable[] = "HOTICH_INSIDE_SCANNER_CHILD";

struct Pipe {
  int read = -1, write = -1;
  ~Pipe() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
  bool Open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    ::fcntl(write, F_SETPIPE_SZ, kPipeBytes);  // refused above the user's limit: still correct
    return true;
  }
};

std::string Program(const ChildOptions& options) {
  const char* other = std::getenv("HOTICH_SCANNER_CHILD");
  if (other != nullptr && *other != '\0') return other;
  constexpr char kThis[] = "/proc/self/exe";
  if (options.program.empty()) return kThis;
  std::error_code error;
  return (std::filesystem::read_symlink(kThis, error).parent_path() / options.program).string();
}

std::vector<std::string> Environment(const std::vector<std::string>& changes) {
  std::vector<std::string> result = changes;
  result.push_back(absl::StrCat(kInsideVariable, "=1"));
  const size_t changed = result.size();
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name(*entry, std::strcspn(*entry, "=") + 1);
    const bool replaced = std::any_of(
        result.begin(), result.begin() + std::ptrdiff_t(changed),
        [&](const std::string& change) { return change.compare(0, name.size(), name) == 0; });
    if (!replaced) result.push_back(*entry);
  }
  return result;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Descriptors 0..5 are taken by the child's own, so what is passed must lie above them while they
// are put in place.
int AboveWiring(int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, kLockFd + 1); }

absl::StatusOr<pid_t> Spawn(const ChildOptions& options, int messages, int commands) {
  const std::string program = Program(options);
  std::vector<std::string> arguments = {"hotich", "scanner-child"};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> environment = Environment(options.environment);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, 2, 1);  // drivers that print must not reach our output
  std::vector<int> passed;
  for (const auto& [from, to] : {std::pair(messages, kMessagesFd), std::pair(commands, kCommandsFd),
                                 std::pair(options.lock_fd, kLockFd)}) {
    if (from < 0) continue;
    passed.push_back(AboveWiring(from));
    posix_spawn_file_actions_adddup2(&actions, passed.back(), to);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);

  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, program.c_str(), &actions, &attributes,
                                  Pointers(arguments).data(), Pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  for (const int fd : passed) ::close(fd);
  if (error != 0) return FaultStatus("child_failed", program, std::strerror(error));
  return pid;
}

std::string Ending(int status) {
  if (WIFSIGNALED(status)) return absl::StrCat("killed by signal ", WTERMSIG(status));
  return absl::StrCat("ended with exit status ", WEXITSTATUS(status));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(const ChildOptions& options) {
  if (std::getenv(kInsideVariable) != nullptr) {
    return FaultStatus("child_failed", Program(options),
                       "this program does not serve scanner-child");
  }
  Pipe messages, commands;
  if (!messages.Open() || !commands.Open()) {
    return FaultStatus("child_failed", "pipe", std::strerror(errno));
  }
  HOTICH_ASSIGN_OR_RETURN(const pid_t pid, Spawn(options, messages.write, commands.read));
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, std::exchange(messages.read, -1),
                                                        std::exchange(commands.write, -1),
                                                        ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
}

ChildProcess::ChildProcess(pid_t pid, int messages_fd, int commands_fd, int wake_fd)
    : pid_(pid), messages_fd_(messages_fd), commands_fd_(commands_fd), wake_fd_(wake_fd) {}

ChildProcess::~ChildProcess() {
  Quit();
  ::close(messages_fd_);
  ::close(wake_fd_);
}

void ChildProcess::Send(Command command) {
  // A child that is gone shows as kClosed in Receive. The signal of its closed pipe must not end
  // us, and whether this program ignores SIGPIPE is not ours to decide: block it for the one write.
  sigset_t pipe_signal, before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  const char byte = static_cast<char>(command);
  const bool broken = ::write(commands_fd_, &byte, 1) < 0 && errno == EPIPE;
  if (broken && !sigismember(&before, SIGPIPE)) {
    const timespec now{};
    ::sigtimedwait(&pipe_signal, nullptr, &now);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Received ChildProcess::Receive(milliseconds silence, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_fd_, &one, sizeof one);
  });
  const auto deadline = steady_clock::now() + silence;
  static thread_local std::array<char, 256 << 10> buffer;
  while (true) {
    absl::StatusOr<std::optional<Message>> message = reader_.Take();
    if (!message.ok()) return {.kind = Received::Kind::kClosed, .message = {}};
    if (message->has_value())
      return {.kind = Received::Kind::kMessage, .message = **std::move(message)};
    if (stop.stop_requested()) return {.kind = Received::Kind::kStopped, .message = {}};
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return {.kind = Received::Kind::kSilent, .message = {}};

    pollfd waits[] = {{messages_fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}};
    if (::poll(waits, 2, static_cast<int>(left.count())) <= 0) continue;
    if (waits[1].revents != 0) {
      uint64_t count = 0;
      [[maybe_unused]] const ssize_t drained = ::read(wake_fd_, &count, sizeof count);
    }
    if (waits[0].revents == 0) continue;
    const ssize_t n = ::read(messages_fd_, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return {.kind = Received::Kind::kClosed, .message = {}};
    reader_.Append({buffer.data(), static_cast<size_t>(n)});
  }
}

std::string ChildProcess::Kill() {
  if (!ended_.empty()) return ended_;
  if (commands_fd_ >= 0) ::close(std::exchange(commands_fd_, -1));
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // before it has become the leader of its group
  if (!WaitForEnd(kKillGrace)) ended_ = "stuck in the kernel";
  return ended_;
}

std::string ChildProcess::Quit() {
  if (!ended_.empty()) return ended_;
  if (commands_fd_ >= 0) ::close(std::exchange(commands_fd_, -1));
  WaitForEnd(kQuitGrace);
  return Kill();
}

// True, and ended_ says how, when the child ended within `grace`.
bool ChildProcess::WaitForEnd(milliseconds grace) {
  const auto deadline = steady_clock::now() + grace;
  std::array<char, 64 << 10> unread;
  while (true) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      ended_ = Ending(status);
      ::kill(-pid_, SIGKILL);  // whatever the driver left behind
      return true;
    }
    if (steady_clock::now() >= deadline) return false;
    // The child's end closes the pipe, which poll reports at once; what it still says is dropped,
    // so that a full pipe does not keep it from ending. After that only the kernel's last step is
    // missing.
    constexpr int kPollMs = 100, kLastStepMs = 2;
    pollfd wait{messages_fd_, POLLIN, 0};
    if (::poll(&wait, 1, kPollMs) > 0 && ::read(messages_fd_, unread.data(), unread.size()) <= 0) {
      ::poll(nullptr, 0, kLastStepMs);
    }
  }
}

}  // namespace hotich::scanner
