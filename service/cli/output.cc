#include <unistd.h>

#include <iostream>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/picture/picture.h"
#include "service/cli/cli.h"
#include "service/rpc/error.h"
#include "service/words/words.h"

namespace hotich::cli {

void PrintLine(const Json& line) {
  std::cout << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

Json ErrorJson(const absl::Status& status) {
  return {{"code", absl::StatusCodeToString(status.code())},
          {"message", std::string(status.message())}};
}

void Fail(Context& context, const absl::Status& status, ExitStatus exit_status,
          const std::string& given) {
  EndProgress();
  const std::string reason = rpc::Reason(status);
  const std::string words =
      !given.empty()
          ? given
          : words::RefusalText(reason.empty() ? absl::StatusCodeToString(status.code()) : reason);
  std::cerr << "hotich: " << words << (words.empty() ? "" : " — ") << std::string(status.message())
            << std::endl;
  context.exit_status = exit_status;
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
  const absl::Status written =
      WriteFileDurably(folder_ / absl::StrCat(prefix_, "-", name, ".png"), EncodePng(picture));
  if (status_.ok()) status_ = written;
}

}  // namespace hotich::cli
