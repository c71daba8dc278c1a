// Workers on a store that hinders them.
#include "service/worker.h"

#include "tests/pipeline/station_fixture.h"

namespace hotich::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Worker : public StationTest {
 protected:
  Worker() { station_.settings.mutable_work()->set_workers(1); }

  absl::Status WorkUntilIdle() {
    return Work(station_,
                {.until = WorkUntil::kIdle,
                 .on_worked =
                     [&](const Worked& worked) {
                       worked_.push_back(worked);
                       if (on_worked_) on_worked_(worked);
                     }},
                {});
  }
  // What another process would see.
  std::unique_ptr<store::Store> OtherProcess() { return Must(store::OpenStation(folder_, clock_)); }

  std::vector<Worked> worked_;
  std::function<void(const Worked&)> on_worked_;
};

TEST_F(Worker, APictureThatThrowsIsHandedBackAndTheWorkGoesOn) {
  const std::string capture_id = AddPage(1).capture_id();
  bool thrown = false;
  store_->before_put = [&] {
    if (!std::exchange(thrown, true)) throw std::runtime_error("no such matrix");
  };
  ASSERT_TRUE(WorkUntilIdle().ok());
  ASSERT_EQ(worked_.size(), 2u) << "the capture waited again at once";
  EXPECT_EQ(worked_[0].status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(worked_[0].status.message()), HasSubstr("scan it again"));
  EXPECT_TRUE(worked_[1].status.ok()) << worked_[1].status;
  EXPECT_EQ(Must(store_->GetCapture(capture_id)).state(), v1::CAPTURE_STATE_DONE);
}

TEST_F(Worker, AFullDiskEndsTheWorkAndCostsNoCaptureATry) {
  const std::string capture_id = AddPage(1).capture_id();
  store_->no_put = absl::ResourceExhaustedError("the disk is full");
  for (int i = 0; i <= station_.settings.work().max_tries(); ++i) {
    EXPECT_EQ(WorkUntilIdle(), store_->no_put);
    EXPECT_EQ(Must(store_->GetCapture(capture_id)).state(), v1::CAPTURE_STATE_WAITING);
  }
  store_->no_put = absl::OkStatus();
  ASSERT_TRUE(WorkUntilIdle().ok());
  EXPECT_EQ(Must(store_->GetCapture(capture_id)).state(), v1::CAPTURE_STATE_DONE);
}

TEST_F(Worker, APictureThatAlwaysThrowsIsSetAsideWithWordsForPeople) {
  const std::string bad = AddPage(1).capture_id();
  store_->before_put = [] { throw std::runtime_error("no such matrix"); };
  ASSERT_TRUE(WorkUntilIdle().ok());
  EXPECT_EQ(worked_.size(), static_cast<size_t>(station_.settings.work().max_tries()));
  const v1::Capture failed = Must(store_->GetCapture(bad));
  EXPECT_EQ(failed.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_THAT(failed.error(), AllOf(HasSubstr("scan it again"), Not(HasSubstr("no such matrix"))));
  EXPECT_THAT(std::string(worked_[0].status.message()), Not(HasSubstr("no such matrix")));
}

TEST_F(Worker, ACaptureSlowerThanItsLeaseIsNotTakenFromItsWorker) {
  constexpr int kLeaseSeconds = 3;  // renewed every second of real time
  station_.settings.mutable_work()->set_lease_s(kLeaseSeconds);
  AddPage(1);
  bool claimed_by_another = false;
  bool held = true;
  store_->before_put = [&] {
    // Time passes in steps that a renewal follows: two leases' worth in all.
    for (int passed = 0; held && passed < 2 * kLeaseSeconds; passed += 2) {
      clock_.Advance(seconds(2));
      held = store_->WaitForRenewal();
      claimed_by_another |=
          Must(OtherProcess()->ClaimCapture(kLeaseSeconds, /*max_tries=*/9)).has_value();
    }
    store_->before_put = nullptr;
  };
  ASSERT_TRUE(WorkUntilIdle().ok());
  EXPECT_TRUE(held) << "no renewal came";
  EXPECT_FALSE(claimed_by_another);
  ASSERT_EQ(worked_.size(), 1u);
  EXPECT_TRUE(worked_[0].status.ok()) << worked_[0].status;
}

TEST_F(Worker, WhatAnotherTookOverIsLeftToThem) {
  constexpr int kLeaseSeconds = 3;
  station_.settings.mutable_work()->set_lease_s(kLeaseSeconds);
  const std::string capture_id = AddPage(1).capture_id();
  const std::unique_ptr<store::Store> other = OtherProcess();
  std::optional<store::LeasedCapture> taken;
  store_->before_put = [&] {
    store_->before_put = nullptr;
    clock_.Advance(seconds(kLeaseSeconds + 1));
    taken = Must(other->ClaimCapture(kLeaseSeconds, /*max_tries=*/9));
    EXPECT_TRUE(store_->WaitForRenewal());
  };
  v1::CaptureResult theirs;
  theirs.set_capture_id(capture_id);
  theirs.set_model("theirs");
  on_worked_ = [&](const Worked&) { Must(other->FinishCapture(taken->lease_id, theirs)); };
  ASSERT_TRUE(WorkUntilIdle().ok());
  ASSERT_EQ(worked_.size(), 1u);
  EXPECT_FALSE(worked_[0].status.ok());
  EXPECT_EQ(Must(store_->GetResult(capture_id)).model(), "theirs");
}

TEST_F(Worker, ADeadWorkersCaptureIsWaitedForAndWorked) {
  constexpr int kLeaseSeconds = 60;
  const std::string capture_id = AddPage(1).capture_id();
  ASSERT_TRUE(Must(OtherProcess()->ClaimCapture(kLeaseSeconds, /*max_tries=*/9)).has_value());
  int looks = 0;
  store_->before_claim = [&] {
    if (++looks == 3) clock_.Advance(seconds(kLeaseSeconds + 1));
  };
  ASSERT_TRUE(WorkUntilIdle().ok());
  EXPECT_GE(looks, 3);
  ASSERT_EQ(worked_.size(), 1u);
  EXPECT_EQ(Must(store_->GetCapture(capture_id)).state(), v1::CAPTURE_STATE_DONE);
}

TEST_F(Worker, AStoreInTroubleIsTriedAgainByTheService) {
  const std::string capture_id = AddPage(1).capture_id();
  store_->troubles = 3;
  std::stop_source stop;
  const absl::Status ended = Work(
      station_,
      {.store_trouble = milliseconds(1), .on_worked = [&](const Worked&) { stop.request_stop(); }},
      stop.get_token());
  EXPECT_TRUE(ended.ok()) << ended;
  EXPECT_EQ(store_->troubles, 0);
  EXPECT_EQ(Must(store_->GetCapture(capture_id)).state(), v1::CAPTURE_STATE_DONE);
}

TEST_F(Worker, AStoreInTroubleEndsAVerbWithItsError) {
  AddPage(1);
  store_->troubles = 1;
  EXPECT_EQ(WorkUntilIdle().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(worked_.empty());
}

// As an earlier version of the program kept them.
TEST_F(Worker, AnOutlineThatCannotBeIsRefusedInWords) {
  const std::string capture_id = AddPage(1).capture_id();
  v1::CaptureAdjustment by_hand;
  v1::Polygon& outline = *by_hand.add_page_outlines();
  for (const auto& [x, y] : {std::pair{-1e8, -1e8}, {1e8, -1e8}, {1e8, 1e8}, {-1e8, 1e8}}) {
    v1::Point& corner = *outline.add_points();
    corner.set_x(x);
    corner.set_y(y);
  }
  Must(store_->AdjustCapture({}, capture_id, by_hand, false).status());
  ASSERT_TRUE(WorkUntilIdle().ok());
  const v1::Capture failed = Must(store_->GetCapture(capture_id));
  EXPECT_EQ(failed.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_THAT(failed.error(), AllOf(HasSubstr("drawn on the capture by hand"),
                                    HasSubstr("page_outlines"), HasSubstr("draw it again")));
}

// Borders on the picture that lie far outside of a page seen very much askew.
TEST_F(Worker, AnEntryThatIsFarLargerThanTheCaptureIsRefused) {
  const v1::Capture capture = AddPage(1);
  const double width = capture.width_px(), height = capture.height_px();
  ASSERT_GT(width, 0);
  v1::CaptureAdjustment by_hand;
  // The page narrows to a tenth: its horizon is near, and above it nothing is finite.
  const auto add = [](v1::Polygon& polygon, double x, double y) {
    v1::Point& corner = *polygon.add_points();
    corner.set_x(x);
    corner.set_y(y);
  };
  v1::Polygon& page = *by_hand.add_page_outlines();
  add(page, 0.45 * width, 0.4 * height);
  add(page, 0.55 * width, 0.4 * height);
  add(page, width, 0.9 * height);
  add(page, 0, 0.9 * height);
  v1::Polygon& border = *by_hand.add_entry_borders()->add_parts()->mutable_outline();
  add(border, 0, 0.35 * height);
  add(border, width, 0.35 * height);
  add(border, width, 0.9 * height);
  add(border, 0, 0.9 * height);
  Must(store_->AdjustCapture({}, capture.capture_id(), by_hand, false).status());
  ASSERT_TRUE(WorkUntilIdle().ok());
  EXPECT_THAT(Must(store_->GetCapture(capture.capture_id())).error(),
              HasSubstr("far larger than the capture"));
}

TEST_F(Worker, EntriesDrawnByHandAreCutAsDrawn) {
  const std::string capture_id = AddPage(1).capture_id();
  v1::CaptureAdjustment by_hand;
  for (const int top : {200, 600}) {
    v1::EntryPart& part = *by_hand.add_entry_borders()->add_parts();
    for (const auto& [x, y] :
         {std::pair{100, top}, {700, top}, {700, top + 300}, {100, top + 300}}) {
      v1::Point& corner = *part.mutable_outline()->add_points();
      corner.set_x(x);
      corner.set_y(y);
    }
  }
  Must(store_->AdjustCapture({}, capture_id, by_hand, false).status());
  ASSERT_TRUE(WorkUntilIdle().ok());
  const auto entries = Must(store_->ListEntries(book_id_));
  ASSERT_EQ(entries.size(), 2u);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(entries[i].parts(0).outline().SerializeAsString(),
              by_hand.entry_borders(i).parts(0).outline().SerializeAsString());
    const std::string crop = Must(store_->GetPicture(entries[i].crop_sha256()));
    const cv::Mat cut = cv::imdecode(
        cv::Mat(1, static_cast<int>(crop.size()), CV_8U, const_cast<char*>(crop.data())),
        cv::IMREAD_GRAYSCALE);
    // Drawn 600 x 300 px; the page's own size and skew are found to about a hundredth.
    EXPECT_NEAR(static_cast<double>(cut.cols) / cut.rows, 2.0, 0.1);
  }
}

}  // namespace
}  // namespace hotich::service
