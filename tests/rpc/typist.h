// A terminal client that works by script.
#ifndef HOTICH_TESTS_RPC_TYPIST_H_
#define HOTICH_TESTS_RPC_TYPIST_H_

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <ostream>
#include <stop_token>
#include <streambuf>
#include <string>
#include <thread>

#include "service/clerk/console.h"
#include "tests/rpc/person.h"

namespace hotich::testing {

// What was written so far, readable while somebody writes.
class ScreenText : public std::streambuf {
 public:
  std::string Text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  bool WaitFor(const std::string& text) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kSoon, [&] { return text_.find(text) != std::string::npos; });
  }

 private:
  std::streamsize xsputn(const char* text, std::streamsize count) override {
    const std::lock_guard lock(mutex_);
    text_.append(text, static_cast<size_t>(count));
    changed_.notify_all();
    return count;
  }
  int_type overflow(int_type letter) override {
    const char one = static_cast<char>(letter);
    xsputn(&one, 1);
    return letter;
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string text_;  // guarded by mutex_
};

// Lines go in through a pipe, so that a test can wait between them.
class Typist {
 public:
  // `client` works at the console until it ends, and returns its exit status.
  explicit Typist(const std::function<int(clerk::Console&)>& client) {
    EXPECT_EQ(pipe(pipe_), 0);
    thread_ = std::thread([this, client] {
      clerk::Console console(pipe_[0], out_, stop_.get_token());
      status_ = client(console);
    });
  }
  void Type(const std::string& lines) {
    ASSERT_EQ(write(pipe_[1], lines.data(), lines.size()), static_cast<ssize_t>(lines.size()));
  }
  // Until the client has taken all that was typed; false when it does not.
  bool WaitUntilTaken() const {
    const auto give_up = std::chrono::steady_clock::now() + kSoon;
    int left = 0;
    while (ioctl(pipe_[0], FIONREAD, &left) == 0 && left > 0) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return left == 0;
  }
  // As Ctrl+C does.
  void Stop() { stop_.request_stop(); }
  // Ends the input and waits; the exit status.
  int Finish() {
    close(pipe_[1]);
    thread_.join();
    close(pipe_[0]);
    return status_;
  }
  std::string Screen() const { return screen_.Text(); }
  // Until this text stands on the screen; false when it never does.
  bool WaitFor(const std::string& text) const { return screen_.WaitFor(text); }

 private:
  int pipe_[2] = {};
  ScreenText screen_;
  std::ostream out_{&screen_};
  std::stop_source stop_;
  int status_ = -1;
  std::thread thread_;
};

}  // namespace hotich::testing

#endif  // HOTICH_TESTS_RPC_TYPIST_H_
