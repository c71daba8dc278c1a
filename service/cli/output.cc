#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/picture/picture.h"
#include "capture/scanner/scanner.h"
#include "service/cli/cli.h"
#include "service/rpc/error.h"
#include "service/words/words.h"

namespace hotich::cli {

namespace {

// A program has one stdout.
std::atomic<bool> output_is_lost = false;
std::stop_source on_lost{std::nostopstate};

void NoteLost(int error) {
  if (output_is_lost.exchange(true)) return;
  EndProgress();
  std::cerr << "hotich: không ghi được kết quả ra: ổ đĩa đã đầy, hoặc nơi nhận kết quả đã đóng. "
               "Những gì đã làm xong vẫn được giữ. Hãy xem lại nơi ghi kết quả rồi gõ lại lệnh này."
            << " — standard output: " << std::strerror(error) << std::endl;
  on_lost.request_stop();
}

}  // namespace

void PrintLine(const Json& line) {
  errno = 0;
  std::cout << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  if (!std::cout) NoteLost(errno);
}

void StopOnLostOutput(std::stop_source stop) { on_lost = std::move(stop); }

bool OutputIsLost() { return output_is_lost; }

int EndOutput(int exit_status) {
  errno = 0;
  if (!std::cout.flush()) NoteLost(errno);
  return OutputIsLost() && exit_status == kAllDone ? kSomeFailed : exit_status;
}

Json ErrorJson(const absl::Status& status) {
  return {{"code", absl::StatusCodeToString(status.code())},
          {"message", std::string(status.message())}};
}

void Fail(Context& context, const absl::Status& status, ExitStatus exit_status,
          const std::string& given) {
  EndProgress();
  context.exit_status = exit_status;
  // Nobody asked to stop but the lost output, which has been told.
  if (OutputIsLost() && absl::IsCancelled(status)) return;
  const std::string reason = rpc::Reason(status);
  const std::string words =
      !given.empty()
          ? given
          : words::RefusalText(reason.empty() ? absl::StatusCodeToString(status.code()) : reason);
  std::cerr << "hotich: " << words << (words.empty() ? "" : " — ") << std::string(status.message())
            << std::endl;
}

void TellFault(Context& context, Json line, const absl::Status& status) {
  const std::string reason = rpc::Reason(status);
  const std::string code = reason.empty() ? scanner::FaultOf(status).code : reason;
  line["error"] = ErrorJson(status);
  line["error"]["code"] = code;
  PrintLine(line);
  Fail(context, status, kSomeFailed, reason.empty() ? scanner::OperatorMessageVi(code) : "");
}

void ShowProgress(const std::string& text) {
  if (isatty(STDERR_FILENO) == 1) std::cerr << "\r\033[K" << text << std::flush;
}

void EndProgress() {
  if (isatty(STDERR_FILENO) == 1) std::cerr << "\r\033[K" << std::flush;
}

namespace {

std::optional<service::Station> OrFail(Context& context, absl::StatusOr<service::Station> station) {
  if (station.ok()) return *std::move(station);
  Fail(context, station.status(), kBadUsage);
  return std::nullopt;
}

}  // namespace

std::optional<service::Station> OpenStation(Context& context) {
  return OrFail(context, service::OpenStation(context.station, context.clock));
}

std::optional<service::Station> BeginStation(Context& context) {
  return OrFail(context, service::BeginStation(context.station, context.clock));
}

Json PointsJson(const v1::Polygon& polygon) {
  Json points = Json::array();
  // A tenth of a pixel is finer than any outline is known.
  const auto rounded = [](double v) { return std::round(v * 10) / 10; };
  for (const v1::Point& p : polygon.points()) points.push_back({rounded(p.x()), rounded(p.y())});
  return points;
}

void FolderTrace::Picture(const std::string& name, const cv::Mat& picture) {
  const absl::StatusOr<std::string> png = EncodePng(picture);
  const absl::Status written =
      png.ok() ? WriteFileDurably(folder_ / absl::StrCat(prefix_, "-", name, ".png"), *png)
               : png.status();
  if (status_.ok()) status_ = written;
}

}  // namespace hotich::cli
