// Pictures of earlier digitization out of a zip, and what is left in the station's folder by them.
#include "service/export/earlier_picture.h"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "service/export/archive.h"
#include "tests/export/export_fixture.h"

namespace hotich::service {
namespace {

class EarlierPicture : public ExportTest {
 protected:
  EarlierPicture() {
    station_.folder = folder_ / "station";
    const std::string page = Must(ReadFile(HOTICH_SOURCE_DIR "/samples/book/ks_g3/ks_g3-0001.jpg"));
    Must(WriteArchive(folder_ / "old.zip", {{kMember, page}}));
  }

  absl::StatusOr<scanner::Picture> Picture() {
    const EarlierFile file{.path = (folder_ / "old.zip").string(), .member = kMember};
    return PictureOfFile(file, Must(BytesOfFile(file)), station_, {});
  }
  std::vector<std::string> TempFolders() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(station_.folder)) {
      const std::string name = entry.path().filename().string();
      if (name.rfind("import-", 0) == 0) names.push_back(name);
    }
    return names;
  }
  void Leave(pid_t owner) {
    const fs::path folder = station_.folder / ("import-" + std::to_string(owner));
    fs::create_directories(folder);
    std::ofstream(folder / "member.pdf") << "an entry";
  }

  static constexpr const char* kMember = "KS/KS.1995.01.1995-11-22.01.jpg";
  Station station_;
};

TEST_F(EarlierPicture, OfAZipIsReadAndNothingStaysOutsideOfIt) {
  const auto picture = Picture();
  ASSERT_TRUE(picture.ok()) << picture.status();
  EXPECT_GT(picture->width_px, 1000);
  EXPECT_TRUE(TempFolders().empty());
}

TEST_F(EarlierPicture, WhatAKilledImportLeftIsClearedAwayAndNothingOfALivingOne) {
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  const pid_t living = ::getppid();
  Leave(dead);
  Leave(living);
  ASSERT_TRUE(Picture().ok());
  EXPECT_EQ(TempFolders(), std::vector<std::string>{"import-" + std::to_string(living)});
}

}  // namespace
}  // namespace hotich::service
