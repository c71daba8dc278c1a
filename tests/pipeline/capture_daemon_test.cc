// Sheets into a book at the place that the operator names.
#include "service/capture_daemon.h"

#include <fstream>

#include "tests/pipeline/station_fixture.h"

namespace hotich::service {
namespace {

using testing::ElementsAre;

class Daemon : public StationTest {
 protected:
  // A feeder with these pages, as files.
  std::unique_ptr<scanner::Scanner> Feeder(const std::vector<int>& marks) {
    const std::filesystem::path feeder = folder_ / "feeder";
    std::filesystem::create_directories(feeder);
    for (const int mark : marks) {
      std::ofstream(feeder / ("page" + std::to_string(mark) + ".png"), std::ios::binary)
          << Page(mark);
    }
    return scanner::OpenFiles({feeder}, station_.settings.scan());
  }
  std::vector<std::string> Take(const std::vector<int>& marks, const TakeOptions& options) {
    std::vector<std::string> taken;
    const std::unique_ptr<scanner::Scanner> feeder = Feeder(marks);
    const auto created = TakePictures(station_, *feeder, options,
                                      [&](const Sheet& sheet) {
                                        EXPECT_TRUE(sheet.status.ok()) << sheet.status;
                                        taken.push_back(sheet.capture.capture_id());
                                        return true;
                                      },
                                      {});
    EXPECT_TRUE(created.ok()) << created.status();
    return taken;
  }
};

TEST_F(Daemon, SeveralSheetsTakeThePlaceOfOneInTheirOrder) {
  const std::string a = AddPage(1).capture_id();
  const std::string b = AddPage(2).capture_id();
  const std::string c = AddPage(3).capture_id();
  const auto taken =
      Take({11, 12, 13},
           {.book_id = book_id_, .placement = v1::PLACEMENT_REPLACE, .anchor_capture_id = b});
  ASSERT_EQ(taken.size(), 3u);
  EXPECT_THAT(Order(), ElementsAre(a, taken[0], taken[1], taken[2], c));
  EXPECT_EQ(Must(store_->GetCapture(b)).state(), v1::CAPTURE_STATE_DISCARDED);
}

TEST_F(Daemon, SeveralSheetsTakeThePlaceOfTheLastOne) {
  const std::string a = AddPage(1).capture_id();
  const std::string b = AddPage(2).capture_id();
  const auto taken = Take(
      {11, 12}, {.book_id = book_id_, .placement = v1::PLACEMENT_REPLACE, .anchor_capture_id = b});
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_THAT(Order(), ElementsAre(a, taken[0], taken[1]));
}

TEST_F(Daemon, SeveralSheetsGoBeforeTheNamedOneInTheirOrder) {
  const std::string a = AddPage(1).capture_id();
  const std::string b = AddPage(2).capture_id();
  const auto taken = Take(
      {11, 12}, {.book_id = book_id_, .placement = v1::PLACEMENT_BEFORE, .anchor_capture_id = b});
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_THAT(Order(), ElementsAre(a, taken[0], taken[1], b));
}

TEST_F(Daemon, NoMoreSheetsThanAskedForAreTaken) {
  EXPECT_EQ(Take({11, 12, 13}, {.book_id = book_id_, .max_sheets = 2}).size(), 2u);
  EXPECT_EQ(Order().size(), 2u);
}

TEST_F(Daemon, ABadFileCostsItselfAndTheRestGoesOn) {
  const std::filesystem::path mixed = folder_ / "mixed";
  std::filesystem::create_directories(mixed);
  std::ofstream(mixed / "1.png", std::ios::binary) << Page(1);
  std::ofstream(mixed / "2.png") << "";
  // Claims 3.6 gigapixels.
  std::string bomb = Page(2);
  bomb.replace(16, 8, std::string("\0\0\xEA\x60\0\0\xEA\x60", 8));
  std::ofstream(mixed / "3.png", std::ios::binary) << bomb;
  std::ofstream(mixed / "4.png", std::ios::binary) << Page(4);
  const auto files = scanner::OpenFiles({mixed, folder_ / "absent.png", mixed / "4.png"},
                                        station_.settings.scan());
  std::vector<std::string> told;
  const auto created =
      TakePictures(station_, *files, {.book_id = book_id_},
                   [&](const Sheet& sheet) {
                     told.push_back(sheet.status.ok() ? "ok" : scanner::FaultOf(sheet.status).code);
                     return true;
                   },
                   {});
  EXPECT_EQ(Must(created), 2);
  EXPECT_THAT(told, ElementsAre("ok", "empty_file", "too_large", "ok", "file_not_found", "ok"));
}

// A flatbed would move its lamp a thousand times over a page that it cannot deliver whole, and a
// feeder would pull the next sheet over the gap.
class BrokenFlatbed : public scanner::Scanner {
 public:
  absl::StatusOr<std::optional<scanner::Picture>> Next(std::stop_token) override {
    ++tries;
    return absl::DataLossError("the picture is not whole");
  }
  int tries = 0;
};

TEST_F(Daemon, AFaultOfADeviceEndsTheRunAtItsSheet) {
  BrokenFlatbed flatbed;
  const auto created =
      TakePictures(station_, flatbed, {.book_id = book_id_}, [](const Sheet&) { return true; }, {});
  EXPECT_TRUE(absl::IsDataLoss(created.status())) << created.status();
  EXPECT_EQ(flatbed.tries, 1);
}

TEST_F(Daemon, NoPaperMovesForAPlaceThatIsNotThere) {
  v1::Book other;
  other.set_kind(v1::BOOK_KIND_KT);
  other.set_place("UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  other.set_first_year(1999);
  other.set_number("01");
  const std::string other_id = Must(store_->AddBook({}, other)).book_id();
  const std::string a = AddPage(1).capture_id();
  BrokenFlatbed flatbed;
  const auto refused = [&](const std::string& book_id, const std::string& anchor) {
    const auto created = TakePictures(
        station_, flatbed,
        {.book_id = book_id, .placement = v1::PLACEMENT_REPLACE, .anchor_capture_id = anchor},
        [](const Sheet&) { return true; }, {});
    return store::ReasonOf(created.status());
  };
  EXPECT_EQ(refused(book_id_, "nowhere"), "NO_CAPTURE");
  EXPECT_EQ(refused(other_id, a), "WRONG_STATE");
  EXPECT_EQ(flatbed.tries, 0);
}

TEST_F(Daemon, AFullDiskStopsBeforeTheNextSheet) {
  station_.settings.mutable_scan()->set_min_free_disk_mb(1e12);
  const std::unique_ptr<scanner::Scanner> feeder = Feeder({11});
  const auto created =
      TakePictures(station_, *feeder, {.book_id = book_id_}, [](const Sheet&) { return true; }, {});
  EXPECT_EQ(created.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Order().empty());
}

}  // namespace
}  // namespace hotich::service
