// Verbs for the tests of this room.
#ifndef HOTICH_TESTS_SCANNER_FIXTURE_H_
#define HOTICH_TESTS_SCANNER_FIXTURE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "capture/scanner/scanner.h"
#include "tests/temporary_folder.h"

namespace hotich::scanner {

// The pictures of a scan and how it ended.
struct Batch {
  std::vector<Picture> pictures;
  absl::Status end;
};

inline cv::Mat Pixels(const Picture& picture) {
  return cv::imdecode(std::vector<char>(picture.bytes.begin(), picture.bytes.end()),
                      cv::IMREAD_UNCHANGED);
}

// A batch that does not end by itself is cut off here: more than any test loads.
inline constexpr size_t kMostPictures = 40;

inline Batch ScanAll(Scanner& scanner) {
  Batch batch;
  while (batch.pictures.size() < kMostPictures) {
    absl::StatusOr<std::optional<Picture>> picture = scanner.Next({});
    batch.end = picture.status();
    if (!picture.ok() || !picture->has_value()) return batch;
    batch.pictures.push_back(**std::move(picture));
  }
  batch.end = absl::OutOfRangeError("the batch does not end");
  return batch;
}

// A folder of the test's own, with locks, SANE configuration and files in it.
class ScannerTest : public testing::Test {
 protected:
  ScannerTest() {
    ::setenv("HOTICH_RUN_DIR", (folder_ / "run").c_str(), 1);
    settings_.set_dpi(75);  // small pictures, quick tests
    settings_.set_watchdog_s(10);
    settings_.set_jpeg_quality(0);
  }

  std::filesystem::path Write(const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  // SANE with these backends alone.
  void UseBackends(const std::string& names, const std::string& test_conf = "") {
    Write("sane.d/dll.conf", names);
    Write("sane.d/test.conf", test_conf);
    std::filesystem::create_directories(folder_ / "sane.d" / "dll.d");
    ::setenv("SANE_CONFIG_DIR", (folder_ / "sane.d").c_str(), 1);
  }

  Batch Scan(const std::string& name) {
    absl::StatusOr<std::unique_ptr<Scanner>> scanner = OpenScanner(name, settings_);
    if (!scanner.ok()) return {.pictures = {}, .end = scanner.status()};
    return ScanAll(**scanner);
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
  v1::ScanSettings settings_;
};

// The fault of a batch, and that its message tells a person what to do.
inline std::string FaultCode(const absl::Status& status) {
  if (status.ok()) return "none";
  const Fault fault = FaultOf(status);
  EXPECT_GT(status.message().size(), 30u) << status;
  EXPECT_GT(OperatorMessageVi(fault.code).size(), 30u) << fault.code;
  return fault.code;
}

}  // namespace hotich::scanner

#endif  // HOTICH_TESTS_SCANNER_FIXTURE_H_
