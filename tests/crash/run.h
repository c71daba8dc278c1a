// A scanning and entry run that tells what it is about to do and what is done, for a parent that
// kills it.
//
// One line a step on the pipe. Before a call: "begin" and all that it takes to repeat the request.
// After it returned OK: "done" and what is now promised. Words hold no blanks.
//   begin add REQUEST NUMBER                   done add REQUEST CAPTURE
//   begin draft REQUEST CLERK ENTRY LEASE TEXT          done draft REQUEST
//   begin submit REQUEST CLERK ENTRY LEASE VERSION TEXT done submit REQUEST
//   begin approve REQUEST ENTRY VERSION        done approve REQUEST
//   begin reject REQUEST ENTRY VERSION         done reject REQUEST
//   begin read CAPTURE                         done read CAPTURE ENTRIES
#ifndef HOTICH_TESTS_CRASH_RUN_H_
#define HOTICH_TESTS_CRASH_RUN_H_

#include <filesystem>
#include <string>
#include <vector>

#include "store/store.h"

namespace hotich::crash {

inline constexpr char kSupervisor[] = "minh";
inline constexpr double kLeaseSeconds = 600;
inline constexpr int kMaxTries = 1000;  // kills are no fault of the picture

v1::Book RunBook();
// Different for each number; some tens of kilobytes, so that a kill can hit the writing of it.
std::string PictureBytes(int number);
// As if the pipeline had read it; always the same for a capture.
v1::CaptureResult ReadResult(const std::string& capture_id);
std::vector<v1::FieldValue> Values(const std::string& text);

// Works on the station in `folder` and writes to `pipe` until it is killed; returns only on an
// error, which it prints. `run` makes its requests and pictures different from those of other runs.
int Work(const std::filesystem::path& folder, int run, int pipe);

}  // namespace hotich::crash

#endif  // HOTICH_TESTS_CRASH_RUN_H_
