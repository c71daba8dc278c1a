// The parent's end of a scanner child: starts it, talks to it, and gets rid of it whatever it does.
//
//   HOTICH_ASSIGN_OR_RETURN(auto child, ChildProcess::Start({.arguments = {"list", "test"}}));
//   const Received received = child->Receive(seconds(60), stop);
//
// Not safe for use from two threads.
#ifndef HOTICH_CAPTURE_SCANNER_CHILD_PROCESS_H_
#define HOTICH_CAPTURE_SCANNER_CHILD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capture/scanner/wire.h"

namespace hotich::scanner {

struct Received {
  enum class Kind { kMessage, kSilent, kClosed, kStopped };
  Kind kind = Kind::kClosed;
  Message message;  // of kMessage
};

struct ChildOptions {
  std::string program;                   // beside this one; "" = this one, executed again
  std::vector<std::string> arguments;    // after "scanner-child"
  std::vector<std::string> environment;  // "NAME=value", over this process's own
  int lock_fd = -1;                      // inherited and held until the child is gone
};

class ChildProcess {
 public:
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(const ChildOptions& options);
  // As Quit.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Send(Command command);
  // kSilent when nothing came for `silence`, kClosed when the child has ended or talks nonsense.
  Received Receive(std::chrono::milliseconds silence, const std::stop_token& stop);

  // Ends a child that may hang, at once. Says how it ended: "killed by signal 11".
  std::string Kill();
  // Lets the child give its device back; after a grace time as Kill.
  std::string Quit();

 private:
  ChildProcess(pid_t pid, int messages_fd, int commands_fd, int wake_fd);
  bool WaitForEnd(std::chrono::milliseconds grace);

  pid_t pid_;
  int messages_fd_;
  int commands_fd_;
  int wake_fd_;  // written by a stop request, so that poll returns
  MessageReader reader_;
  std::string ended_;  // how; empty while it runs
};

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_CHILD_PROCESS_H_
