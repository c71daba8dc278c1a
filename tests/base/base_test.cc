#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "base/textproto.h"
#include "hotich/v1/settings.pb.h"

namespace hotich {
namespace {

TEST(Text, NfcJoinsWhatAnInputMethodSentApart) { EXPECT_EQ(Nfc("Nguye\u0302\u0303n"), "Nguyễn"); }

TEST(Text, FoldingDropsMarksAndCase) {
  EXPECT_EQ(FoldVietnamese("  ĐẶNG  Thị Ngọc "), "dang thi ngoc");
  EXPECT_EQ(LowerVietnamese("  ĐẶNG  Thị Ngọc "), "đặng thị ngọc");
}

TEST(Text, BrokenUtf8IsReplacedNotDropped) { EXPECT_EQ(Nfc("a\xFFz"), "a\uFFFDz"); }

TEST(Text, KeysThatLookTheSameAreTidiedToOneSpelling) {
  EXPECT_EQ(Tidy("  UBND\u00A0 xã  A\u3000"), "UBND xã A");
  EXPECT_EQ(Tidy("\uFF10\uFF11"), "01");
  EXPECT_EQ(Tidy(" \u3000"), "");
  EXPECT_EQ(Tidy("hai\ndòng"), "hai\ndòng") << "a second line is told, not hidden";
}

TEST(Text, TrimTakesBlanksOfAnyKindOffBothEndsAlone) {
  EXPECT_EQ(Trim("\u00A0 Trần  Văn \t\u3000"), "Trần  Văn");
  EXPECT_EQ(Trim("\x1b[A"), "\x1b[A");
  EXPECT_EQ(Trim(" "), "");
}

TEST(Text, WithCapitalChangesTheFirstLetterAlone) {
  EXPECT_EQ(WithCapital("ốm Đau"), "Ốm Đau");
  EXPECT_EQ(WithCapital("đ"), "Đ");
  EXPECT_EQ(WithCapital("Em"), "Em");
  EXPECT_EQ(WithCapital("1a"), "1a");
  EXPECT_EQ(WithCapital(""), "");
}

TEST(Text, EditDistanceCountsLettersNotBytes) {
  EXPECT_EQ(EditDistance(CodePoints("sổ"), CodePoints("số")), 1);
  EXPECT_EQ(EditDistance(U"", U"abc"), 3);
}

TEST(Textproto, UnknownKeyNamesFileLineAndColumn) {
  v1::Settings settings;
  const absl::Status status =
      ParseTextproto("scan { dpi: 300 }\npdf { colour: true }", "station.textproto", settings);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("station.textproto:2:"), std::string::npos) << status;
  EXPECT_NE(status.message().find("colour"), std::string::npos) << status;
}

TEST(Textproto, AValueTheProgramRefusesIsToldWithItsPlace) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / "hotich_base_test.textproto";
  ASSERT_TRUE(WriteFileDurably(file, "scan { dpi: 300 }\nexport {\n  file_name: \"x\"\n}").ok());
  const auto refuse = [](const google::protobuf::Message&) {
    return std::vector<TextprotoFault>{{"export.file_name", "needs {number}"},
                                       {"pdf.limit_bytes", "is not in the text"}};
  };
  v1::Settings settings;
  const absl::Status status = LoadTextprotoInto(file, settings, refuse);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), file.string() + ":3:3: export.file_name: needs {number}\n" +
                                  file.string() + ":1:1: pdf.limit_bytes: is not in the text");
  EXPECT_TRUE(LoadTextprotoInto(file, settings).ok());
  std::filesystem::remove(file);
}

TEST(Textproto, HashIsOfTheContent) {
  v1::Settings a, b;
  EXPECT_EQ(MessageHash(a), MessageHash(b));
  b.mutable_scan()->set_dpi(200);
  EXPECT_NE(MessageHash(a), MessageHash(b));
}

TEST(File, FoldersAndFilesAreNotForOtherAccountsWhateverTheUmask) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "hotich_base_test_rights";
  std::filesystem::remove_all(folder);
  const mode_t before = ::umask(0);
  const absl::Status made = MakeFolderDurably(folder / "a");
  const absl::Status written = WriteFileDurably(folder / "b" / "c", "personal");
  ::umask(before);
  ASSERT_TRUE(made.ok() && written.ok());
  for (const char* name : {"", "a", "b", "b/c"}) {
    EXPECT_EQ(
        std::filesystem::status(folder / name).permissions() & std::filesystem::perms::others_all,
        std::filesystem::perms::none)
        << name;
  }
  std::filesystem::remove_all(folder);
}

TEST(File, DurableWriteLeavesTheNewBytesAndNothingElse) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "hotich_base_test_folder";
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(WriteFileDurably(folder / "a", "old").ok());
  ASSERT_TRUE(WriteFileDurably(folder / "a", "new").ok());
  EXPECT_EQ(*ReadFile(folder / "a"), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  std::filesystem::remove_all(folder);
}

TEST(File, AMoveReplacesTheOldFileAndMissingOnesAreNamed) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "hotich_base_test_move";
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(MakeFolderDurably(folder / "x" / "y").ok());
  ASSERT_TRUE(WriteFileDurably(folder / "a", "old").ok());
  ASSERT_TRUE(WriteFileDurably(folder / "x" / "b", "new").ok());
  ASSERT_TRUE(SyncFile(folder / "a").ok());
  ASSERT_TRUE(MoveDurably(folder / "x" / "b", folder / "a").ok());
  EXPECT_EQ(*ReadFile(folder / "a"), "new");
  EXPECT_EQ(MoveDurably(folder / "none", folder / "a").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(SyncFile(folder / "none").code(), absl::StatusCode::kNotFound);
  std::filesystem::remove_all(folder);
}

TEST(File, MissingFileSaysWhich) {
  const auto bytes = ReadFile("/nowhere/x");
  EXPECT_EQ(bytes.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(bytes.status().message().find("/nowhere/x"), std::string::npos);
}

TEST(File, ReadRefusesWhatIsTooLarge) {
  const auto bytes = ReadFile("/proc/self/exe", 1000);
  EXPECT_EQ(bytes.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(File, Sha256IsTheStandardOne) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace hotich
