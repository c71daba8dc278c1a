// What the entries of a book that were keyed teach about the next ones.
#include "ocr/value/lessons.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "ocr/value/value.h"

namespace hotich::value {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr double kFloor = 0.3;

using Candidates = std::vector<std::pair<std::string, double>>;

v1::FieldReading Reading(const std::string& name, const Candidates& candidates) {
  v1::FieldReading reading;
  reading.set_name(name);
  reading.set_kind(KindOfField(name));
  for (const auto& [text, confidence] : candidates) {
    v1::Candidate& candidate = *reading.add_candidates();
    candidate.set_text(text);
    candidate.set_confidence(confidence);
    candidate.set_source("tesseract");
  }
  if (!candidates.empty()) {
    reading.set_literal(candidates.front().first);
    reading.set_confidence(candidates.front().second);
  }
  return reading;
}

v1::FieldValue Typed(const std::string& name, const std::string& text) {
  v1::FieldValue value;
  value.set_name(name);
  value.set_literal(text);
  return value;
}

class Book {
 public:
  // Read so, and handed in so, in so many entries.
  Book& Keyed(const std::string& name, const std::string& read, const std::string& said,
              int times = 1) {
    for (int i = 0; i < times; ++i) Keyed({Reading(name, {{read, 0.9}})}, {Typed(name, said)});
    return *this;
  }
  Book& Keyed(const std::string& name, const std::string& text) { return Keyed(name, text, text); }
  // An entry of several fields.
  Book& Keyed(const std::vector<v1::FieldReading>& read, const std::vector<v1::FieldValue>& said) {
    v1::Entry entry;
    entry.mutable_fields()->Assign(read.begin(), read.end());
    Learn(entry, said, ++keyed_, lessons_);
    return *this;
  }
  v1::FieldReading Next(const v1::FieldReading& reading) const { return At(keyed_ + 1, reading); }
  // Of the entry in this place; the first that was keyed has place 1.
  v1::FieldReading At(int place, const v1::FieldReading& reading) const {
    v1::Entry entry;
    *entry.add_fields() = reading;
    ApplyLessons(lessons_, v1::Book(), kFloor, place, entry);
    return entry.fields(0);
  }
  v1::FieldReading Next(const std::string& name, const Candidates& candidates) const {
    return Next(Reading(name, candidates));
  }
  Lessons& lessons() { return lessons_; }

 private:
  Lessons lessons_;
  int keyed_ = 0;
};

std::vector<std::string> Texts(const v1::FieldReading& reading) {
  std::vector<std::string> texts;
  for (const v1::Candidate& candidate : reading.candidates()) texts.push_back(candidate.text());
  return texts;
}

TEST(Lessons, WithoutAnyTheEntryStaysAsItIs) {
  v1::Entry entry;
  *entry.add_fields() = Reading("nksNoiSinh", {{"ấp 5, xã Bình Đức", 0.6}, {"Ấp 5", 0.1}});
  *entry.add_fields() = Reading("nksNgaySinh", {{"31/02/1995", 0.2}});
  const v1::Entry as_read = entry;
  ApplyLessons({}, v1::Book(), kFloor, 1, entry);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(entry, as_read));
}

TEST(Lessons, TheSignatureOfTheBookIsKnown) {
  Book book;
  book.Keyed("nguoiKy", "Nguyễn Ngọc Trâm", "Nguyễn Ngọc Trâm", 3);
  const v1::FieldReading next = book.Next("nguoiKy", {{"Nguyễn Ngọc Trân", 0.6}});
  EXPECT_EQ(next.literal(), "Nguyễn Ngọc Trâm");
  EXPECT_EQ(next.candidates(0).source(), "lessons");
  EXPECT_GT(next.confidence(), 0.6);
  EXPECT_THAT(Texts(next), Contains("Nguyễn Ngọc Trân")) << "what was read stays";
}

TEST(Lessons, OneTextAloneIsNotKnown) {
  Book book;
  book.Keyed("nguoiKy", "Nguyễn Ngọc Trâm");
  EXPECT_EQ(book.Next("nguoiKy", {{"Nguyễn Ngọc Trân", 0.6}}).literal(), "Nguyễn Ngọc Trân");
}

TEST(Lessons, NumbersAreThoseThatWereRead) {
  Book book;
  for (const char* number : {"1", "2", "7"}) {
    const std::string rest = std::string(number) + ", xã Bình Đức, huyện Châu Thành";
    book.Keyed("meNoiCuTru", "ấp " + rest, "Ấp " + rest);
  }
  EXPECT_EQ(book.Next("meNoiCuTru", {{"ấp 15, xã Bình Đức, huyện Châu Thành", 0.7}}).literal(),
            "Ấp 15, xã Bình Đức, huyện Châu Thành");
  const v1::FieldReading unsure = book.Next(
      "meNoiCuTru",
      {{"Ấp 3, xã Bình Đức, huyện Châu Thành", 0.6}, {"Ấp 2, xã Bình Đức, huyện Châu Thành", 0.3}});
  EXPECT_EQ(unsure.literal(), "Ấp 3, xã Bình Đức, huyện Châu Thành")
      << "that there is a hamlet 2 says nothing of 3";
  EXPECT_EQ(book.Next("meNoiCuTru", {{"Bình Đức, huyện Châu Thành", 0.7}}).literal(),
            "Bình Đức, huyện Châu Thành")
      << "no number is invented";
}

// Numbers of entries, as they were read and said.
Book Numbered(const std::vector<std::string>& said) {
  Book book;
  for (const std::string& number : said) book.Keyed("so", number);
  return book;
}

TEST(Lessons, TheNumberThatFollowsIsChosenAmongThoseThatWereRead) {
  const v1::FieldReading read =
      Reading("so", {{"91/2011", 0.7}, {"31/2011", 0.2}, {"1/2011", 0.05}});
  const Book book = Numbered({"28/2011", "29/2011", "30/2011"});
  const v1::FieldReading next = book.Next(read);
  EXPECT_EQ(next.literal(), "31/2011");
  EXPECT_EQ(next.candidates(0).source(), "tesseract");
  EXPECT_EQ(book.At(0, read).literal(), "91/2011") << "its place is not known";
  EXPECT_EQ(book.At(9, read).literal(), "91/2011") << "the count leads to 36";
  EXPECT_EQ(book.Next("so", {{"3/2011", 0.7}}).literal(), "3/2011") << "no number is invented";
  EXPECT_EQ(book.Next("trangSo", {{"91", 0.7}, {"31", 0.2}}).literal(), "91")
      << "the number of the page is another";
  EXPECT_EQ(Numbered({"01", "01", "01"}).Next("so", {{"07", 0.7}, {"04", 0.2}}).literal(), "07")
      << "the number of the book does not count";
}

TEST(Lessons, ANumberThatBreaksTheCountIsDoubted) {
  const Book book = Numbered({"21", "22", "23", "24", "25", "26", "27", "28", "29", "30"});
  const v1::FieldReading next = book.Next("so", {{"91", 0.97}, {"31", 0.001}});
  EXPECT_EQ(next.literal(), "91");
  EXPECT_LT(next.confidence(), 0.95);
  EXPECT_GT(book.Next("so", {{"31", 0.8}, {"91", 0.1}}).confidence(), 0.95);
}

TEST(Lessons, ABookWhoseCountOftenBreaksIsHardlyCountedOn) {
  const v1::FieldReading read = Reading("so", {{"98", 0.7}, {"38", 0.1}});
  EXPECT_EQ(Numbered({"33", "34", "35", "36", "37"}).Next(read).literal(), "38");
  EXPECT_EQ(Numbered({"21", "25", "26", "31", "37"}).Next(read).literal(), "98");
}

TEST(Lessons, WhereTheCountBreaksAroundAnEntryNothingFollows) {
  Book book;
  for (const char* number : {"11", "12", "13", "14"}) book.Keyed("so", number);
  book.Keyed("so", "");  // nobody has said anything of the fifth
  for (const char* number : {"17", "18", "19", "20"}) book.Keyed("so", number);
  const v1::FieldReading fifth = book.At(5, Reading("so", {{"75", 0.6}, {"15", 0.2}, {"16", 0.1}}));
  EXPECT_EQ(fifth.literal(), "75") << "15 by those before, 16 by those behind";
}

TEST(Lessons, AWordIsReadAsTheHandWritesIt) {
  Book book;
  const auto literal = [&] {
    return book.Next("chaNoiCuTru", {{"Xã Tân Hoá, tỉnh Phú Yên", 0.8}}).literal();
  };
  book.Keyed("chaNoiCuTru", "Phường Hoá An", "Phường Hóa An");
  EXPECT_EQ(literal(), "Xã Tân Hoá, tỉnh Phú Yên") << "a clerk may err once";
  book.Keyed("chaNoiCuTru", "Xã Hoá Sơn", "Xã Hóa Sơn").Keyed("chaNoiCuTru", "Hoá", "Hóa");
  EXPECT_EQ(literal(), "Xã Tân Hóa, tỉnh Phú Yên");
  for (const char* read : {"Tổ Hoá 1", "Tổ Hoá 2", "Tổ Hoá 3", "Tổ Hoá 4"}) {
    book.Keyed("chaNoiCuTru", read);
  }
  EXPECT_EQ(literal(), "Xã Tân Hoá, tỉnh Phú Yên") << "more often it was right";
}

TEST(Lessons, CommasAreWrittenAsInTheBook) {
  Book book;
  book.Keyed("chaNoiCuTru", "Xóm Đình xã Đông Hội", "Xóm Đình, xã Đông Hội")
      .Keyed("chaNoiCuTru", "Xóm Chùa xã Mai Lâm", "Xóm Chùa, xã Mai Lâm")
      .Keyed("chaNoiCuTru", "Thôn Hạ xã Xuân Canh", "Thôn Hạ, xã Xuân Canh");
  EXPECT_EQ(book.Next("chaNoiCuTru", {{"Thôn Thượng xã Cổ Loa", 0.8}}).literal(),
            "Thôn Thượng, xã Cổ Loa");

  Book without;
  without.Keyed("chaNoiCuTru", "Mai Lâm, Đông Anh, Hà Nội", "Mai Lâm Đông Anh Hà Nội")
      .Keyed("chaNoiCuTru", "Cổ Loa, Đông Anh, Hà Nội", "Cổ Loa Đông Anh Hà Nội")
      .Keyed("chaNoiCuTru", "Nam Hồng, Đông Anh", "Nam Hồng Đông Anh");
  EXPECT_EQ(without.Next("chaNoiCuTru", {{"Vân Canh, Hoài Đức, Hà Tây", 0.8}}).literal(),
            "Vân Canh Hoài Đức Hà Tây")
      << "whatever the words are";
}

TEST(Lessons, ASureNewTextIsNotBentToAKnownOne) {
  Book book;
  book.Keyed("meNoiCuTru", "Thôn Đông, xã Phú Thịnh", "Thôn Đông, xã Phú Thịnh", 20);
  for (const Candidates& candidates :
       {Candidates{{"Thôn Đồng, xã Phú Thịnh", 0.95}},
        Candidates{{"Thôn Đồng, xã Phú Thịnh", 0.95}, {"Thôn Đông, xã Phú Thịnh", 0.03}}}) {
    const v1::FieldReading next = book.Next("meNoiCuTru", candidates);
    EXPECT_EQ(next.literal(), "Thôn Đồng, xã Phú Thịnh");
    EXPECT_LT(next.confidence(), 0.9) << "but a clerk should look";
  }
}

TEST(Lessons, TheNewOfficerIsBelievedAfterTwoEntries) {
  Book book;
  book.Keyed("nguoiKy", "Lê Ngọc Trâm", "Lê Ngọc Trâm", 48);
  const Candidates candidates = {{"Lê Ngọc Trân", 0.95}, {"Lê Ngọc Trâm", 0.03}};
  EXPECT_EQ(book.Next("nguoiKy", candidates).literal(), "Lê Ngọc Trân");
  book.Keyed("nguoiKy", "Lê Ngọc Trân").Keyed("nguoiKy", "Lê Ngọc Trân");
  EXPECT_GT(book.Next("nguoiKy", candidates).confidence(), 0.5);
}

TEST(Lessons, OneEntryTeachesLittle) {
  Book book;
  book.Keyed(
      {Reading("nksHoTen", {{"Lê Văn An", 0.9}}), Reading("meNoiCuTru", {{"Thôn Đông", 0.9}}),
       Reading("chaNoiCuTru", {{"Thôn Đông", 0.9}}), Reading("meHoTen", {{"Võ Hoà", 0.9}}),
       Reading("chaHoTen", {{"Lê Hoà", 0.9}}), Reading("nycHoTen", {{"Lê Hoà", 0.9}})},
      {Typed("nksHoTen", "Lê Văn An"), Typed("meNoiCuTru", "Thôn Đông"),
       Typed("chaNoiCuTru", "Thôn Đông"), Typed("meHoTen", "Võ Hòa"), Typed("chaHoTen", "Lê Hòa"),
       Typed("nycHoTen", "Lê Hòa")});
  EXPECT_EQ(book.Next("nksHoTen", {{"Lê Văn Ân", 0.8}, {"Lê Văn An", 0.12}}).literal(),
            "Lê Văn Ân");
  EXPECT_EQ(book.Next("meNoiCuTru", {{"Thôn Đồng", 0.8}}).literal(), "Thôn Đồng");
  EXPECT_EQ(book.Next("nksHoTen", {{"Trần Hoà", 0.8}}).literal(), "Trần Hoà");
}

TEST(Lessons, NoNumberChanges) {
  Book book;
  book.Keyed("meNoiCuTru", "Khóm II", "Khóm III", 5).Keyed("meNoiCuTru", "Tổ 1A", "Tổ 2A", 5);
  book.Keyed("meNoiCuTru", "Ấp ba, xã Phú", "Ấp hai, xã Phú", 5);
  book.Keyed("meNoiCuTru", "Ấp, xã Phú", "Ấp, xã Phú", 5).Keyed("so", "12a", "12b", 5);
  for (const char* text : {"Khóm II", "Khóm IV", "Tổ 1A", "Tổ 5B", "Ấp ba, xã Phú"}) {
    EXPECT_EQ(book.Next("meNoiCuTru", {{text, 0.7}}).literal(), text);
  }
  EXPECT_EQ(book.Next("meNoiCuTru", {{"Tổ 5B", 0.7}, {"Tổ 5A", 0.1}}).literal(), "Tổ 5B");
  EXPECT_EQ(book.Next("meNoiCuTru", {{"Ấp 3, xã Phú", 0.8}, {"Ấp, xã Phú", 0.05}}).literal(),
            "Ấp 3, xã Phú");
  EXPECT_EQ(book.Next("so", {{"12a", 0.7}}).literal(), "12a");
}

TEST(Lessons, WordsAreNotLearnedOfWhatHasNone) {
  Book book;
  book.Keyed("meNoiCuTru", "Xã Mỹ.", "Xã Mỹ Hòa", 5);
  EXPECT_EQ(book.Next("meNoiCuTru", {{"Ấp Bắc.", 0.8}}).literal(), "Ấp Bắc.");
  EXPECT_EQ(book.Next("meNoiCuTru", {{"Ấp Hòa Lạc", 0.8}}).literal(), "Ấp Hòa Lạc");
}

TEST(Lessons, OtherMisreadingsDoNotEmptyASureField) {
  Book book;
  for (const char* word : {"An", "Bình", "Cường", "Dân"}) {
    book.Keyed("meNoiCuTru", word, word, 8).Keyed("meNoiCuTru", word, "Xã", 2);
  }
  EXPECT_GT(book.Next("meNoiCuTru", {{"An Bình Cường Dân", 0.97}}).confidence(), 0.9);
}

TEST(Lessons, TheNextMayBeABoyThough) {
  Book book;
  book.Keyed("nksGioiTinh", "Nữ", "Nữ", 9).Keyed("nksDanToc", "Kinh").Keyed("nksDanToc", "Kinh");
  EXPECT_EQ(book.Next("nksGioiTinh", {{"Nam", 0.5}, {"Nữ", 0.45}}).literal(), "Nam");
  EXPECT_EQ(book.Next("nksDanToc", {{"Tày", 0.9}, {"Kinh", 0.05}}).literal(), "Tày");
}

TEST(Lessons, NamesOfChildrenDoNotRepeat) {
  Book book;
  for (const char* name : {"Lê Văn An", "Trần Thị Bé", "Võ Thị Cúc", "Ngô Văn Dũng", "Lý Thị Em"}) {
    book.Keyed("nksHoTen", name);
  }
  const v1::FieldReading next = book.Next("nksHoTen", {{"Lê Văn Ân", 0.8}, {"Lê Văn An", 0.1}});
  EXPECT_EQ(next.literal(), "Lê Văn Ân");
}

TEST(Lessons, TheNumberOfTheBookComesAgainThatOfTheEntryDoesNot) {
  Book book;
  for (const char* number : {"12", "13", "14"}) {
    book.Keyed("so", number);
    EXPECT_EQ(book.Next("so", {{"15", 0.5}, {number, 0.45}}).literal(), "15");
  }
  book.Keyed("quyenSo", "01", "01", 3);
  EXPECT_EQ(book.Next("quyenSo", {{"07", 0.5}, {"01", 0.45}}).literal(), "01");
  EXPECT_EQ(book.Next("quyenSo", {{"07", 0.8}}).candidates_size(), 1) << "nothing is invented";
}

TEST(Lessons, DatesHaveNoKnownTexts) {
  Book book;
  book.Keyed("ngayDangKy", "05/06/1995", "05/06/1995", 9);
  EXPECT_EQ(book.Next("ngayDangKy", {{"06/06/1995", 0.5}, {"05/06/1995", 0.45}}).literal(),
            "06/06/1995");
  EXPECT_EQ(book.Next("ngayDangKy", {{"ngày 05 nháng 06", 0.5}}).literal(), "ngày 05 nháng 06");
}

TEST(Lessons, ConfidencesStayProbabilities) {
  Book book;
  book.Keyed("nguoiKy", "Lê An", "Lê An", 40);
  const v1::FieldReading next =
      book.Next("nguoiKy", {{"Lê An", 0.7}, {"Lê Ân", 0.2}, {"Lẽ An", 0.1}});
  double sum = 0;
  for (const v1::Candidate& candidate : next.candidates()) {
    EXPECT_GE(candidate.confidence(), 0);
    sum += candidate.confidence();
  }
  EXPECT_LE(sum, 1);
  EXPECT_LE(next.confidence(), 0.99);
  EXPECT_GT(next.confidence(), 0.7);
  EXPECT_EQ(next.candidates(0).source(), "tesseract") << "it was read";
}

TEST(Lessons, AtMostTenCandidates) {
  Book book;
  for (const char* name : {"Lê An", "Lê Ân", "Lê Ấn", "Lê Ẩn", "Lê Ăn", "Lê Ang"}) {
    book.Keyed("nguoiKy", name, name, 2);
  }
  Candidates candidates;
  for (const char* name :
       {"Lê Am", "Lê Ám", "Lê Àm", "Lê Ảm", "Lê Ãm", "Lê Ạm", "Lê Âm", "Lê Ấm"}) {
    candidates.emplace_back(name, 0.1);
  }
  const v1::FieldReading next = book.Next("nguoiKy", candidates);
  EXPECT_EQ(next.candidates_size(), 10);
  for (const auto& [text, confidence] : candidates) {
    EXPECT_THAT(Texts(next), Contains(text)) << "what was read stays";
  }
}

TEST(Lessons, TenCandidatesLeaveRoomForOneMore) {
  Book book;
  book.Keyed("nguoiKy", "Lê Văn An", "Lê Văn An", 9);
  Candidates candidates = {{"Lê Văn Ân", 0.5}};
  for (const char* name : {"Am", "Ám", "Àm", "Ảm", "Ãm", "Ạm", "Âm", "Ấm", "Ầm"}) {
    candidates.emplace_back(std::string("Lê Văn ") + name, 0.01);
  }
  const v1::FieldReading next = book.Next("nguoiKy", candidates);
  EXPECT_EQ(next.literal(), "Lê Văn An");
  EXPECT_EQ(next.candidates_size(), 10);
  EXPECT_THAT(Texts(next), Contains("Lê Văn Ân")) << "what was read stays";
}

TEST(Lessons, UnsureFieldsStayEmptyAndSurerOnesAreFilled) {
  Book book;
  book.Keyed("nguoiKy", "Nguyễn Ngọc Trâm", "Nguyễn Ngọc Trâm", 9);
  v1::FieldReading unsure = Reading("nguoiKy", {{"Nguyễn Ngọ Trâm", 0.2}});
  unsure.clear_literal();
  EXPECT_EQ(book.Next(unsure).literal(), "Nguyễn Ngọc Trâm");
  book.Keyed("chaNoiCuTru", "Phường Hoá An", "Phường Hóa An", 2);
  EXPECT_EQ(book.Next("chaNoiCuTru", {{"Xã Tân Hoá", 0.35}}).literal(), "")
      << "either may be meant";
}

TEST(Lessons, WhatIsNotReadByTheMachineTeachesAndLearnsNothing) {
  Book book;
  book.Keyed("nksQuocTich", "-nt-", "Việt Nam", 5).Keyed("nguoiKy", "Lê An", "", 5);
  book.Keyed("meDanToc", "ut", "-nt-", 5).Keyed("meNgheNghiep", "Xe", "-", 5);
  book.Keyed("ngayDangKy", "05/06/1995", "05/06/1995", 5).Keyed("nksGioiTinh", "Nam", "Nam", 5);
  v1::FieldValue marked = Typed("nguoiKy", "Lê [?]");
  marked.set_mark(v1::FIELD_MARK_PARTLY_READABLE);
  book.Keyed({Reading("nguoiKy", {{"Lê An", 0.9}})}, {marked});
  v1::FieldReading blank = Reading("nguoiKy", {});
  blank.set_blank(true);
  book.Keyed({blank}, {Typed("nguoiKy", "Lê An")});
  v1::FieldReading gone = Reading("nguoiKy", {{"Lê An", 0.9}});
  gone.set_strike(v1::STRIKE_ALL);
  book.Keyed({gone}, {Typed("nguoiKy", "Lê Ân")});
  EXPECT_THAT(book.lessons().kinds, IsEmpty());

  book.Keyed("nguoiKy", "Lê Văn An", "Lê Văn An", 9);
  v1::FieldReading by_hand = Reading("nguoiKy", {{"Lê Văn Ân", 0.6}});
  by_hand.mutable_candidates(0)->set_source("said");
  EXPECT_EQ(book.Next(by_hand).literal(), "Lê Văn Ân");
  v1::FieldReading struck = Reading("nguoiKy", {{"Lê Văn Ân", 0.6}});
  struck.clear_literal();
  struck.set_strike(v1::STRIKE_ALL);
  EXPECT_EQ(book.Next(struck).literal(), "");
}

TEST(Lessons, ValuesAndChecksFollowTheLiteral) {
  Book book;
  book.Keyed("nksDanToc", "Kinn", "Kinh", 4);
  v1::Entry entry;
  *entry.add_fields() = Reading("nksDanToc", {{"Kinn", 0.8}});
  CheckEntry(v1::Book(), entry);
  ASSERT_EQ(entry.fields(0).warnings_size(), 1);
  ASSERT_EQ(entry.fields(0).warnings(0).code(), "unknown_word");
  ApplyLessons(book.lessons(), v1::Book(), kFloor, 1, entry);
  EXPECT_EQ(entry.fields(0).literal(), "Kinh");
  EXPECT_EQ(entry.fields(0).value(), "Kinh");
  EXPECT_THAT(entry.fields(0).warnings(), IsEmpty());
}

TEST(Lessons, OtherWarningsAndValuesStay) {
  Book book;
  book.Keyed("nguoiKy", "Lê Văn An", "Lê Văn An", 9);
  v1::Entry entry;
  *entry.add_fields() = Reading("nguoiKy", {{"Lê Văn Ân", 0.6}});
  v1::FieldReading& ditto = *entry.add_fields() = Reading("meDanToc", {{"-nt-", 0.9}});
  ditto.set_value("Kinh");  // as FillDittos leaves it
  ditto.add_warnings()->set_code("partly_struck_out");
  ApplyLessons(book.lessons(), v1::Book(), kFloor, 1, entry);
  ASSERT_EQ(entry.fields(0).literal(), "Lê Văn An");
  EXPECT_EQ(entry.fields(1).value(), "Kinh");
  std::vector<std::string> codes;
  for (const v1::Warning& warning : entry.fields(1).warnings()) codes.push_back(warning.code());
  EXPECT_THAT(codes, ElementsAre("partly_struck_out"));
}

TEST(Lessons, ChecksOfFieldsThatDidNotChangeStay) {
  Book book;
  book.Keyed("nguoiKy", "Lê Văn An", "Lê Văn An", 9);
  v1::Entry entry;
  *entry.add_fields() = Reading("nguoiKy", {{"Lê Văn Ân", 0.6}});
  *entry.add_fields() = Reading("nksDanToc", {{"Sao Hỏa", 0.8}});
  CheckEntry(v1::Book(), entry);
  entry.mutable_fields(1)->clear_literal();  // below the floor
  ApplyLessons(book.lessons(), v1::Book(), kFloor, 1, entry);
  ASSERT_EQ(entry.fields(0).literal(), "Lê Văn An");
  ASSERT_EQ(entry.fields(1).warnings_size(), 1);
  EXPECT_EQ(entry.fields(1).warnings(0).code(), "unknown_word");
}

}  // namespace
}  // namespace hotich::value
