// A station with a real store in a folder of its own, a clock that stands still, and a store whose
// verbs a test can hold up or let fail.
#ifndef HOTICH_TESTS_PIPELINE_STATION_FIXTURE_H_
#define HOTICH_TESTS_PIPELINE_STATION_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "service/station.h"
#include "store/schema.h"
#include "store/sql_store.h"
#include "tests/must.h"
#include "tests/temporary_folder.h"

namespace hotich::service {

class HinderedStore : public store::SqlStore {
 public:
  using SqlStore::SqlStore;

  absl::StatusOr<std::string> PutPicture(const std::string& bytes) override {
    // A copy, for it may put another in its own place.
    if (const std::function<void()> hindrance = before_put) hindrance();
    if (!no_put.ok()) return no_put;
    return SqlStore::PutPicture(bytes);
  }
  absl::Status RenewCapture(const std::string& lease_id, double lease_s) override {
    const absl::Status renewed = SqlStore::RenewCapture(lease_id, lease_s);
    const std::lock_guard lock(mutex_);
    ++renewals_;
    renewed_.notify_all();
    return renewed;
  }
  absl::StatusOr<std::optional<store::LeasedCapture>> ClaimCapture(double lease_s,
                                                                   int max_tries) override {
    if (before_claim) before_claim();
    if (troubles > 0) {
      --troubles;
      return absl::UnavailableError("another program holds the database; try again");
    }
    return SqlStore::ClaimCapture(lease_s, max_tries);
  }
  // One more renewal than there were; false when none comes.
  bool WaitForRenewal() {
    std::unique_lock lock(mutex_);
    const int before = renewals_;
    // Far above any renewal's time, which a test sets to about a second.
    return renewed_.wait_for(lock, std::chrono::seconds(30), [&] { return renewals_ > before; });
  }

  // Called before each picture is kept; may wait or throw.
  std::function<void()> before_put;
  // Why no picture is kept; between runs of the workers only.
  absl::Status no_put;
  // Called before each look for a capture to work.
  std::function<void()> before_claim;
  // So many claims fail first.
  std::atomic<int> troubles = 0;

 private:
  std::mutex mutex_;
  std::condition_variable renewed_;
  int renewals_ = 0;  // guarded by mutex_
};

class StationTest : public testing::Test {
 protected:
  StationTest() {
    auto store = std::make_unique<HinderedStore>(
        folder_, Must(store::Database::Open(folder_ / "station.db", store::SqliteMigrations())),
        clock_);
    store_ = store.get();
    station_.folder = folder_;
    station_.models = HOTICH_SOURCE_DIR "/models";
    station_.forms = Must(LoadStationForms({.models = station_.models}));
    station_.store = std::move(store);
    station_.clock = &clock_;
    v1::Book book;
    book.set_kind(v1::BOOK_KIND_KS);
    book.set_place("UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
    book.set_first_year(1999);
    book.set_number("01");
    book_id_ = Must(store_->AddBook({}, book)).book_id();
  }

  // A page of lines of no known form; `mark` tells pictures apart.
  static std::string Page(int mark) {
    cv::Mat page(1170, 827, CV_8UC3, cv::Scalar(235, 240, 240));
    for (int y = 150; y < 1000; y += 30) {
      cv::putText(page, "lorem ipsum dolor sit amet", {75, y}, cv::FONT_HERSHEY_SIMPLEX, 0.6,
                  {40, 30, 30}, 1);
    }
    page.at<cv::Vec3b>(5, mark) = {0, 0, 0};
    std::vector<uchar> png;
    cv::imencode(".png", page, png);
    return {png.begin(), png.end()};
  }
  v1::Capture AddPage(int mark) {
    return Must(store_->AddCapture({},
                                   {.book_id = book_id_,
                                    .media_type = "image/png",
                                    .width_px = 827,
                                    .height_px = 1170,
                                    .dpi = 100},
                                   Page(mark)))
        .capture;
  }
  std::vector<std::string> Order() {
    std::vector<std::string> ids;
    for (const v1::CaptureView& view : Must(store_->ListCaptures(book_id_, 0, 100))) {
      ids.push_back(view.capture().capture_id());
    }
    return ids;
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
  ManualClock clock_{Time(std::chrono::seconds(1768464000))};
  Station station_;
  HinderedStore* store_ = nullptr;
  std::string book_id_;
};

}  // namespace hotich::service

#endif  // HOTICH_TESTS_PIPELINE_STATION_FIXTURE_H_
