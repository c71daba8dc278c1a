// What the fields of an entry say of each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

v1::Book BirthBook() {
  v1::Book book;
  book.set_kind(v1::BOOK_KIND_KS);
  book.set_first_year(1995);
  book.set_last_year(1995);
  book.set_number("01");
  return book;
}

using Candidates = std::vector<std::pair<std::string, double>>;

// An entry whose fields were read as given, first candidate = literal.
struct EntryOf {
  v1::Entry entry;

  EntryOf& Field(const std::string& name, const Candidates& candidates) {
    v1::FieldReading& field = *entry.add_fields();
    field.set_name(name);
    field.set_kind(KindOfField(name));
    for (const auto& [text, confidence] : candidates) {
      v1::Candidate& candidate = *field.add_candidates();
      candidate.set_text(text);
      candidate.set_confidence(confidence);
    }
    field.set_literal(candidates.front().first);
    field.set_confidence(candidates.front().second);
    return *this;
  }
  EntryOf& Unread(const std::string& name, const Candidates& candidates) {
    Field(name, candidates);
    entry.mutable_fields(entry.fields_size() - 1)->clear_literal();
    return *this;
  }
  EntryOf& Blank(const std::string& name) {
    v1::FieldReading& field = *entry.add_fields();
    field.set_name(name);
    field.set_kind(KindOfField(name));
    field.set_blank(true);
    return *this;
  }
  // As the reader leaves a field that was struck out whole: its candidates are of what stood there.
  EntryOf& StruckOut(const std::string& name, const Candidates& candidates) {
    Unread(name, candidates);
    entry.mutable_fields(entry.fields_size() - 1)->set_strike(v1::STRIKE_ALL);
    return *this;
  }
  EntryOf& Checked(const v1::Book& book = BirthBook()) {
    CheckEntry(book, entry);
    return *this;
  }
  const v1::FieldReading& operator[](const std::string& name) const {
    for (const v1::FieldReading& field : entry.fields()) {
      if (field.name() == name) return field;
    }
    ADD_FAILURE() << "no field " << name;
    return v1::FieldReading::default_instance();
  }
  std::vector<std::string> Codes(const std::string& name) const {
    std::vector<std::string> codes;
    for (const v1::Warning& warning : (*this)[name].warnings()) codes.push_back(warning.code());
    return codes;
  }
};

constexpr char kWords1948[] = "Ngày hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi tám";

TEST(Agreement, RaisesBothFields) {
  const EntryOf entry = EntryOf()
                            .Field("nksNgaySinh", {{"26/8/1948", 0.7}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.6}})
                            .Checked();
  EXPECT_GT(entry["nksNgaySinh"].confidence(), 0.95);
  EXPECT_GT(entry["nksNgaySinhBangChu"].confidence(), 0.95);
  EXPECT_LE(entry["nksNgaySinh"].confidence(), 0.99);
  EXPECT_EQ(entry["nksNgaySinh"].value(), "26.08.1948");
  EXPECT_EQ(entry["nksNgaySinhBangChu"].value(), "26.08.1948");
  EXPECT_THAT(entry.Codes("nksNgaySinh"), IsEmpty());
}

TEST(Agreement, DoesNotRaiseMisspeltWords) {
  const std::string misspelt = "Ngay hai mươi sáu tháng tám năm một nghìn chín trăm bốn mươi tám";
  const EntryOf entry = EntryOf()
                            .Field("nksNgaySinh", {{"26/8/1948", 0.7}})
                            .Field("nksNgaySinhBangChu", {{misspelt, 0.6}})
                            .Checked();
  EXPECT_GT(entry["nksNgaySinh"].confidence(), 0.9);
  EXPECT_DOUBLE_EQ(entry["nksNgaySinhBangChu"].confidence(), 0.6);
}

TEST(Disagreement, LowersBothFieldsAndSaysWhy) {
  const EntryOf entry = EntryOf()
                            .Field("nksNgaySinh", {{"26/3/1948", 0.8}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
                            .Checked();
  EXPECT_LT(entry["nksNgaySinh"].confidence(), 0.6);
  EXPECT_LT(entry["nksNgaySinhBangChu"].confidence(), 0.6);
  EXPECT_THAT(entry.Codes("nksNgaySinh"), ElementsAre("words_differ_from_digits"));
  EXPECT_THAT(entry.Codes("nksNgaySinhBangChu"), ElementsAre("words_differ_from_digits"));
  EXPECT_EQ(entry["nksNgaySinh"].literal(), "26/3/1948");
}

TEST(Disagreement, OfASureAndAnUnsureFieldLowersTheUnsureOne) {
  const EntryOf entry = EntryOf()
                            .Field("nksNgaySinh", {{"26/3/1948", 0.97}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.4}})
                            .Checked();
  EXPECT_GT(entry["nksNgaySinh"].confidence(), 0.9);
  EXPECT_LT(entry["nksNgaySinhBangChu"].confidence(), 0.1);
}

TEST(Agreement, HoldsBetweenAYearAndAWholeDateOfThatYear) {
  const EntryOf entry = EntryOf()
                            .Field("nksNgaySinh", {{"1948", 0.6}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
                            .Checked();
  EXPECT_THAT(entry.Codes("nksNgaySinh"), IsEmpty());
  EXPECT_GT(entry["nksNgaySinh"].confidence(), 0.6);
}

TEST(IdentityPaper, HasAsManyDigitsAsItsKind) {
  const auto checked = [](const std::string& kind, const std::string& number) {
    return EntryOf()
        .Field("nycLoaiGiayToTuyThan", {{kind, 0.9}})
        .Field("nycSoGiayToTuyThan", {{number, 0.6}})
        .Checked();
  };
  EXPECT_THAT(checked("CMND", "168012345").Codes("nycSoGiayToTuyThan"), IsEmpty());
  EXPECT_THAT(checked("Hộ chiếu", "B1234567").Codes("nycSoGiayToTuyThan"), IsEmpty());
  const EntryOf wrong = checked("CCCD", "168012345");
  EXPECT_THAT(wrong.Codes("nycSoGiayToTuyThan"), ElementsAre("identity_kind"));
  EXPECT_LT(wrong["nycSoGiayToTuyThan"].confidence(), 0.6);
}

TEST(Candidates, ThatAgreeWithTheWordsComeFirst) {
  const EntryOf entry = EntryOf()
                            .Field("nksNgaySinh", {{"26/3/1948", 0.6}, {"26/8/1948", 0.3}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
                            .Checked();
  const v1::FieldReading& digits = entry["nksNgaySinh"];
  EXPECT_EQ(digits.literal(), "26/8/1948");
  EXPECT_EQ(digits.value(), "26.08.1948");
  EXPECT_EQ(digits.candidates(0).text(), "26/8/1948");
  EXPECT_EQ(digits.candidates(1).text(), "26/3/1948");
  EXPECT_GT(digits.confidence(), 0.9);
  EXPECT_DOUBLE_EQ(digits.confidence(), digits.candidates(0).confidence());
  EXPECT_THAT(entry.Codes("nksNgaySinh"), ElementsAre("candidate_promoted"));
  EXPECT_EQ(digits.warnings(0).message(),
            "nksNgaySinh: another candidate fits nksNgaySinhBangChu better and stands first");
}

TEST(Candidates, AreAllKeptWhateverTheOrder) {
  const EntryOf entry =
      EntryOf()
          .Field("nksNgaySinh", {{"1", 0.4}, {"26/3/1948", 0.3}, {"26/8/1948", 0.2}, {"x", 0.05}})
          .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
          .Checked();
  std::vector<std::string> texts;
  for (const v1::Candidate& c : entry["nksNgaySinh"].candidates()) texts.push_back(c.text());
  EXPECT_THAT(texts, UnorderedElementsAre("1", "26/3/1948", "26/8/1948", "x"));
}

TEST(Candidates, ImpossibleForTheBookGiveWay) {
  // The year 2013 read as 2073 is sure by itself and impossible in the book.
  v1::Book book = BirthBook();
  book.set_first_year(2013);
  book.set_last_year(2013);
  const EntryOf entry =
      EntryOf().Field("ngayDangKy", {{"5/6/2073", 0.8}, {"5/6/2013", 0.15}}).Checked(book);
  EXPECT_EQ(entry["ngayDangKy"].value(), "05.06.2013");
  EXPECT_THAT(entry.Codes("ngayDangKy"), ElementsAre("candidate_promoted"));
}

TEST(Candidates, OfTheRightShapeComeBeforeOthers) {
  const EntryOf entry = EntryOf()
                            .Field("nksDanToc", {{"Klmh", 0.5}, {"Kinh", 0.3}})
                            .Field("nksNgaySinh", {{"5/b/1995", 0.5}, {"5/6/1995", 0.2}})
                            .Checked();
  EXPECT_EQ(entry["nksDanToc"].literal(), "Kinh");
  EXPECT_EQ(entry["nksDanToc"].value(), "Kinh");
  EXPECT_EQ(entry["nksNgaySinh"].value(), "05.06.1995");
  EXPECT_THAT(entry.Codes("nksDanToc"), ElementsAre("candidate_promoted"));
}

TEST(GoodShape, AloneDoesNotMakeAReadingSurer) {
  const EntryOf entry =
      EntryOf().Field("nksDanToc", {{"Kinh", 0.5}}).Field("so", {{"12", 0.5}}).Checked();
  EXPECT_DOUBLE_EQ(entry["nksDanToc"].confidence(), 0.5);
  // The year of the book was not read.
  EXPECT_DOUBLE_EQ(entry["so"].confidence(), 0.5);
  EXPECT_EQ(entry["so"].value(), "12/1995");
}

TEST(UnreadField, IsFilledWhenTheChecksMakeItSure) {
  const EntryOf entry = EntryOf()
                            .Unread("nksNgaySinh", {{"26/8/1948", 0.25}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
                            .Checked();
  EXPECT_EQ(entry["nksNgaySinh"].literal(), "26/8/1948");
  EXPECT_GT(entry["nksNgaySinh"].confidence(), 0.9);
}

TEST(UnreadField, StaysEmptyWithoutSupport) {
  const EntryOf entry = EntryOf().Unread("nksNgaySinh", {{"26/8/1948", 0.25}}).Checked();
  EXPECT_EQ(entry["nksNgaySinh"].literal(), "");
  EXPECT_EQ(entry["nksNgaySinh"].value(), "");
}

TEST(UnreadDigits, TakeTheirValueFromTheWordsButNoLiteral) {
  const EntryOf entry = EntryOf()
                            .Field("nksNgaySinh", {{"2o/X/19", 0.4}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
                            .Checked();
  EXPECT_EQ(entry["nksNgaySinh"].literal(), "2o/X/19");
  EXPECT_EQ(entry["nksNgaySinh"].value(), "26.08.1948");
  EXPECT_THAT(entry.Codes("nksNgaySinh"), Contains("value_from_words"));
}

TEST(BlankFields, AreLeftAlone) {
  const EntryOf entry =
      EntryOf().Blank("nksNgaySinh").Field("nksNgaySinhBangChu", {{kWords1948, 0.8}}).Checked();
  EXPECT_EQ(entry["nksNgaySinh"].value(), "");
  EXPECT_THAT(entry.Codes("nksNgaySinh"), IsEmpty());
  EXPECT_DOUBLE_EQ(entry["nksNgaySinhBangChu"].confidence(), 0.8);
}

TEST(StruckOutFields, AreOfferedButNotFilledIn) {
  const EntryOf entry = EntryOf()
                            .StruckOut("nksNgaySinh", {{"26/8/1948", 0.9}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
                            .StruckOut("nksDanToc", {{"Kinx", 0.6}, {"Kinh", 0.3}})
                            .Checked();
  for (const char* name : {"nksNgaySinh", "nksDanToc"}) {
    EXPECT_EQ(entry[name].literal(), "") << name;
    EXPECT_EQ(entry[name].value(), "") << name;
    EXPECT_THAT(entry.Codes(name), IsEmpty()) << name;
  }
  EXPECT_EQ(entry["nksDanToc"].candidates(0).text(), "Kinx") << "offered as it was read";
  EXPECT_DOUBLE_EQ(entry["nksNgaySinhBangChu"].confidence(), 0.8) << "says nothing of the others";
}

TEST(StruckOutFields, DoNotTakeTheirValueFromTheWords) {
  const EntryOf entry = EntryOf()
                            .StruckOut("nksNgaySinh", {{"x", 0.9}})
                            .Field("nksNgaySinhBangChu", {{kWords1948, 0.8}})
                            .Checked();
  EXPECT_EQ(entry["nksNgaySinh"].value(), "");
}

TEST(Declarant, WhoIsTheSubjectHasTheSameNameInScriptAndCapitals) {
  const EntryOf entry = EntryOf()
                            .Field("nksHoTen", {{"NGUYỄN THỊ HOA", 0.8}})
                            .Field("nycQuanHe", {{"Tự khai", 0.9}})
                            .Field("nycHoTen", {{"Nguyễn Thị Hòa", 0.5}, {"Nguyễn Thị Hoa", 0.3}})
                            .Checked();
  EXPECT_EQ(entry["nycHoTen"].literal(), "Nguyễn Thị Hoa");
  EXPECT_GT(entry["nksHoTen"].confidence(), 0.9);
  EXPECT_THAT(entry.Codes("nycHoTen"), ElementsAre("candidate_promoted"));
}

TEST(Declarant, WhoIsTheFatherHasTheFathersName) {
  const EntryOf entry = EntryOf()
                            .Field("chaHoTen", {{"Trần Văn Bình", 0.7}})
                            .Field("nycQuanHe", {{"Cha", 0.9}})
                            .Field("nycHoTen", {{"Trần Văn Định", 0.7}})
                            .Checked();
  EXPECT_THAT(entry.Codes("nycHoTen"), ElementsAre("declarant_differs"));
  EXPECT_THAT(entry.Codes("chaHoTen"), ElementsAre("declarant_differs"));
}

TEST(Declarant, WhoIsSomebodyElseMayHaveAnyName) {
  const EntryOf entry = EntryOf()
                            .Field("chaHoTen", {{"Trần Văn Bình", 0.7}})
                            .Field("nycQuanHe", {{"Bà nội", 0.9}})
                            .Field("nycHoTen", {{"Lê Thị Mai", 0.7}})
                            .Checked();
  EXPECT_THAT(entry.Codes("nycHoTen"), IsEmpty());
  EXPECT_DOUBLE_EQ(entry["nycHoTen"].confidence(), 0.7);
}

TEST(BookOfSeveralYears, TakesTheYearOfABareNumberFromItsRegistration) {
  v1::Book book = BirthBook();
  book.set_last_year(1997);
  const EntryOf entry =
      EntryOf().Field("so", {{"12", 0.9}}).Field("ngayDangKy", {{"5/6/1996", 0.9}}).Checked(book);
  EXPECT_EQ(entry["so"].value(), "12/1996");
  EXPECT_EQ(entry["so"].literal(), "12");
}

TEST(Dittos, MeanWhatStandsAboveThem) {
  v1::CaptureResult result;
  for (const char* ethnic : {"-nt-", "Tày", "nt", "″", "", "-nt-"}) {
    EntryOf entry;
    entry.Field("nksDanToc", {{ethnic, 0.9}}).Field("nksQueQuan", {{ethnic, 0.9}}).Checked();
    *result.add_entries() = entry.entry;
  }
  FillDittos(result);
  std::vector<std::string> codes;
  std::vector<std::string> places;
  for (const v1::Entry& entry : result.entries()) {
    codes.push_back(entry.fields(0).value());
    places.push_back(entry.fields(1).value());
  }
  EXPECT_THAT(codes, ElementsAre("", "Tày", "Tày", "Tày", "", ""));
  EXPECT_THAT(places, ElementsAre("", "", "Tày", "Tày", "", ""));
  EXPECT_EQ(result.entries(2).fields(0).literal(), "nt");
}

bool IsSaidToBeDitto(const std::string& literal) {
  const EntryOf entry = EntryOf().Field("nksDanToc", {{literal, 0.9}}).Checked();
  return entry.Codes("nksDanToc") == std::vector<std::string>{"ditto"};
}

TEST(Dittos, AreKnownInAllTheirForms) {
  for (const char* literal :
       {"nt",         "-nt-",     "nt.",    "n.t",    "n.t.",   "- nt -",   "n t",
        "NT",         "n/t",      "(nt)",   "–nt–",   "— nt —", "như trên", "Như trên.",
        "(như trên)", "nhu tren", "\"nt\"", "″",      "\"",     "”",        "“",
        "〃",         "„",        "''",     "' '",    "′′",     "″ ″",      "\" \"",
        "-\"-",       "-″-",      "- \" -", "--\"--", "—\"—",   "-''-",     "..\"..",
        "//",         "-//-",     "- // -", ",,",     "--",     "- -",      "– –"}) {
    EXPECT_TRUE(IsSaidToBeDitto(literal)) << literal;
  }
}

TEST(Dittos, AreNotSeenInDashesAndWords) {
  // A dash alone says that there is nothing.
  for (const char* literal : {"-", "–", "—", "---", "- - -", "=", "/", "/ /", "'", ",", ".", "...",
                              "Xã nt", "nt huyện B", "n", "Kinh", "12", "-1-", "1-\""}) {
    EXPECT_FALSE(IsSaidToBeDitto(literal)) << literal;
  }
}

TEST(PrintedConstants, AreNotChanged) {
  v1::Entry entry;
  v1::FieldReading& field = *entry.add_fields();
  field.set_name("nksQuocTich");
  field.set_kind(v1::FIELD_KIND_NATIONALITY);
  field.set_literal("VN");
  field.set_confidence(1);
  CheckEntry(BirthBook(), entry);
  EXPECT_EQ(entry.fields(0).value(), "Việt Nam");
  EXPECT_EQ(entry.fields(0).confidence(), 1);
  EXPECT_EQ(entry.fields(0).candidates_size(), 0);
}

TEST(Confidences, StayProbabilitiesWhateverComesIn) {
  EntryOf entry;
  entry.Field("nksNgaySinh", {{"26/3/1948", 1.0}, {"26/8/1948", 1.0}, {"x", 0.0}})
      .Field("nksNgaySinhBangChu", {{kWords1948, 1.0}})
      .Field("ngayDangKy", {{"1/1/1940", 1.0}})
      .Field("so", {{"12/1994", 1.0}})
      .Checked();
  for (const v1::FieldReading& field : entry.entry.fields()) {
    for (const v1::Candidate& candidate : field.candidates()) {
      EXPECT_GE(candidate.confidence(), 0) << field.name();
      EXPECT_LE(candidate.confidence(), 1) << field.name();
    }
  }
}

// --- What a clerk typed -------------------------------------------------------------------------

struct Typed {
  const char* name;
  const char* literal;
  v1::FieldMark mark = v1::FIELD_MARK_UNSPECIFIED;
};

std::vector<v1::Warning> Warnings(const v1::Book& book, const std::vector<Typed>& typed) {
  std::vector<v1::FieldValue> values;
  for (const Typed& t : typed) {
    v1::FieldValue& value = values.emplace_back();
    value.set_name(t.name);
    value.set_literal(t.literal);
    value.set_mark(t.mark);
  }
  return CheckValues(book, values);
}

struct ValuesCase {
  const char* says;
  std::vector<Typed> typed;
  std::vector<std::string> codes;
};

class TypedValues : public testing::TestWithParam<ValuesCase> {};

TEST_P(TypedValues, AreWarnedOf) {
  std::vector<std::string> codes;
  for (const v1::Warning& warning : Warnings(BirthBook(), GetParam().typed)) {
    codes.push_back(warning.code());
  }
  EXPECT_EQ(codes, GetParam().codes) << GetParam().says;
}

INSTANTIATE_TEST_SUITE_P(
    , TypedValues,
    testing::Values(
        ValuesCase{"nothing typed", {}, {}},
        ValuesCase{
            "a sound entry",
            {{"so", "12"},
             {"ngayDangKy", "5/6/1995"},
             {"nksHoTen", "Lê Thị Hoa"},
             {"nksGioiTinh", "Nữ"},
             {"nksNgaySinh", "1/6/1995"},
             {"nksNgaySinhBangChu", "Ngày một tháng sáu năm một nghìn chín trăm chín mươi lăm"},
             {"meHoTen", "Trần Thị Mai"},
             {"meNgaySinh", "1970"},
             {"chaHoTen", "Lê Văn Nam"},
             {"chaNgaySinh", "27 t"},
             {"nksDanToc", "Kinh"},
             {"nksQuocTich", "VN"},
             {"nycQuanHe", "Cha"},
             {"nycHoTen", "LÊ VĂN NAM"}},
            {}},
        ValuesCase{
            "words against digits",
            {{"nksNgaySinh", "1/6/1995"},
             {"nksNgaySinhBangChu", "Ngày hai tháng sáu năm một nghìn chín trăm chín mươi lăm"}},
            {"words_differ_from_digits"}},
        ValuesCase{"born after registration",
                   {{"nksNgaySinh", "6/6/1995"}, {"ngayDangKy", "5/6/1995"}},
                   {"date_order"}},
        ValuesCase{"born on the day of registration",
                   {{"nksNgaySinh", "5/6/1995"}, {"ngayDangKy", "5/6/1995"}},
                   {}},
        ValuesCase{"born in the year of registration, day unknown",
                   {{"nksNgaySinh", "1995"}, {"ngayDangKy", "5/1/1995"}},
                   {}},
        ValuesCase{"number of another year",
                   {{"so", "12/1994"}, {"ngayDangKy", "5/6/1995"}},
                   {"outside_book_years", "number_of_another_year"}},
        ValuesCase{
            "registered outside the book", {{"ngayDangKy", "5/6/1996"}}, {"outside_book_years"}},
        ValuesCase{"born after the book", {{"nksNgaySinh", "5/6/1996"}}, {"after_book"}},
        ValuesCase{
            "a mother of ten", {{"meNgaySinh", "1985"}, {"nksNgaySinh", "1995"}}, {"too_young"}},
        ValuesCase{"a mother of ten by age",
                   {{"meNgaySinh", "10 t"}, {"nksNgaySinh", "1995"}},
                   {"too_young"}},
        ValuesCase{"an impossible date", {{"nksNgaySinh", "31/2/1995"}}, {"not_a_date"}},
        ValuesCase{"no date in words", {{"nksNgaySinhBangChu", "xã An Bình"}}, {"not_a_date"}},
        ValuesCase{
            "lunar words",
            {{"nksNgaySinhBangChu", "Ngày rằm tháng giêng năm một nghìn chín trăm chín mươi lăm"}},
            {"maybe_lunar"}},
        ValuesCase{
            "a lunar date in digits", {{"nksNgaySinh", "5/6/1994 (âm lịch)"}}, {"maybe_lunar"}},
        ValuesCase{"a lunar date in words in the place of digits",
                   {{"nksNgaySinh", "ngày rằm tháng tám năm chín tư"}},
                   {"maybe_lunar"}},
        ValuesCase{"a lunar date by its sign",
                   {{"nksNgaySinhBangChu", "ngày năm tháng sáu năm chín tư (AL)"}},
                   {"maybe_lunar"}},
        ValuesCase{"a year by its name",
                   {{"nksNgaySinhBangChu", "ngày năm tháng sáu năm Giáp Tuất (1994)"}},
                   {"maybe_lunar"}},
        ValuesCase{"a date of the usual calendar", {{"nksNgaySinh", "5/6/1994 dương lịch"}}, {}},
        ValuesCase{"no number", {{"so", "mười hai"}}, {"not_a_number"}},
        ValuesCase{"a decision of an office, which is no entry's number",
                   {{"quyetDinhSo", "12/QĐ-UB"}},
                   {}},
        ValuesCase{"no decision's number", {{"quyetDinhSo", "không có"}}, {"not_a_number"}},
        ValuesCase{"eight digits of an identity card",
                   {{"meSoGiayToTuyThan", "01234567"}},
                   {"not_an_identity_number"}},
        ValuesCase{"one digit more than an identity card has",
                   {{"meSoGiayToTuyThan", "1012345678"}},
                   {"no_such_identity"}},
        ValuesCase{"an identity card of no police office",
                   {{"meSoGiayToTuyThan", "760065130"}},
                   {"no_such_identity"}},
        ValuesCase{"of the last police office", {{"meSoGiayToTuyThan", "381234567"}}, {}},
        ValuesCase{"a citizen's card of somebody born abroad",
                   {{"meSoGiayToTuyThan", "101095012345"}},
                   {}},
        ValuesCase{"an unknown group", {{"nksDanToc", "Sao Hỏa"}}, {"unknown_word"}},
        ValuesCase{"a name of several groups", {{"nksDanToc", "Mán"}}, {"several_codes"}},
        ValuesCase{"a ditto", {{"nksDanToc", "-nt-"}}, {"ditto"}},
        ValuesCase{"a man with Thị",
                   {{"nksHoTen", "Lê Thị Hoa"}, {"nksGioiTinh", "Nam"}},
                   {"sex_and_middle_name"}},
        ValuesCase{"Thị as a given name says nothing",
                   {{"nksHoTen", "Lê Thị"}, {"nksGioiTinh", "Nam"}},
                   {}},
        ValuesCase{"Văn as a surname says nothing",
                   {{"nksHoTen", "Văn Ngọc Mai"}, {"nksGioiTinh", "Nữ"}},
                   {}},
        ValuesCase{"a mother with Văn", {{"meHoTen", "Lê Văn Hoa"}}, {"sex_and_middle_name"}},
        ValuesCase{"dead after registration",
                   {{"nktNgayChet", "7/6/1995"}, {"ngayDangKy", "5/6/1995"}},
                   {"date_order"}},
        ValuesCase{"dead before birth",
                   {{"nktNgaySinh", "7/6/1994"}, {"nktNgayChet", "5/6/1994"}},
                   {"date_order"}},
        ValuesCase{"marks are not checked",
                   {{"nksNgaySinh", "31/2/", v1::FIELD_MARK_PARTLY_READABLE},
                    {"nksDanToc", "", v1::FIELD_MARK_BLANK_IN_BOOK}},
                   {}},
        ValuesCase{
            "a self declarant of another name",
            {{"nksHoTen", "LÊ THỊ HOA"}, {"nycQuanHe", "Bản thân"}, {"nycHoTen", "Lê Thị Hòa"}},
            {"declarant_differs"}}));

TEST(Messages, NameTheFieldAndNeverAValue) {
  const std::vector<v1::Warning> warnings = Warnings(
      BirthBook(), {{"nksHoTen", "Lê Thị Quyên"},
                    {"nksGioiTinh", "Nam"},
                    {"nksNgaySinh", "26/8/1996"},
                    {"nksNgaySinhBangChu", "Ngày hai tháng sáu năm một nghìn chín trăm chín mươi"},
                    {"ngayDangKy", "5/6/1995"},
                    {"nksDanToc", "Sao Hỏa"},
                    {"so", "977/1988"},
                    {"meSoGiayToTuyThan", "01234567"}});
  EXPECT_GE(warnings.size(), 7u);
  for (const v1::Warning& warning : warnings) {
    const std::string& message = warning.message();
    const size_t colon = message.find(": ");
    ASSERT_NE(colon, std::string::npos) << message;
    EXPECT_EQ(message.substr(0, colon).find(' '), std::string::npos) << message;
    for (const char* value : {"Quyên", "Nam", "1996", "26", "Sao", "977", "01234567"}) {
      EXPECT_EQ(message.find(value), std::string::npos) << message;
    }
  }
}

// --- The numbers of a book ----------------------------------------------------------------------

std::vector<std::string> Sequence(const std::vector<std::string>& numbers,
                                  v1::Book book = BirthBook()) {
  std::vector<v1::Entry> entries;
  for (const std::string& number : numbers) {
    v1::Entry& entry = entries.emplace_back();
    entry.set_entry_id("entry-" + std::to_string(entries.size()));
    entry.set_number(number);
  }
  std::vector<std::string> found;
  for (const v1::Warning& warning : CheckSequence(book, entries)) {
    found.push_back(warning.code() + " " +
                    warning.message().substr(0, warning.message().find(':')));
  }
  return found;
}

TEST(Numbers, ThatFollowEachOtherAreRight) {
  EXPECT_THAT(Sequence({"01/1995", "02/1995", "03/1995"}), IsEmpty());
  EXPECT_THAT(Sequence({"1", "2", "3"}), IsEmpty());
  EXPECT_THAT(Sequence({}), IsEmpty());
}

TEST(Numbers, ThatAreMissingAreNamed) {
  EXPECT_THAT(Sequence({"01/1995", "02/1995", "05/1995"}),
              ElementsAre("number_gap numbers 03/1995 to 04/1995"));
  EXPECT_THAT(Sequence({"03/1995"}), ElementsAre("number_gap numbers 01/1995 to 02/1995"));
  EXPECT_THAT(Sequence({"01/1995", "03/1995"}), ElementsAre("number_gap number 02/1995"));
}

TEST(Numbers, ThatCouldNotBeReadMayFillAGap) {
  EXPECT_THAT(Sequence({"01/1995", "", "03/1995"}), ElementsAre("number_unread entry entry-2"));
  EXPECT_THAT(Sequence({"01/1995", "", "05/1995"}),
              ElementsAre("number_unread entry entry-2", "number_gap numbers 02/1995 to 04/1995"));
}

TEST(Numbers, WrittenTwiceOrOutOfOrderAreNamed) {
  EXPECT_THAT(Sequence({"01/1995", "02/1995", "02/1995"}), ElementsAre("number_twice 02/1995"));
  EXPECT_THAT(Sequence({"01/1995", "02/1995", "03/1995", "05/1995", "04/1995", "06/1995"}),
              ElementsAre("number_gap number 04/1995", "number_backwards 04/1995"));
}

TEST(Numbers, WithBisStandBesideTheirNumber) {
  EXPECT_THAT(Sequence({"01/1995", "01bis/1995", "02/1995"}), IsEmpty());
}

TEST(Numbers, StartAgainWithTheYear) {
  v1::Book book = BirthBook();
  book.set_last_year(1996);
  EXPECT_THAT(Sequence({"01/1995", "02/1995", "01/1996", "02/1996"}, book), IsEmpty());
  EXPECT_THAT(Sequence({"01/1995", "02/1995", "03/1996"}, book),
              ElementsAre("number_gap numbers 01/1996 to 02/1996"));
  EXPECT_THAT(Sequence({"01/1995", "01/1997"}, book), ElementsAre("number_year 01/1997"));
}

TEST(Numbers, WrittenWithoutTheirYearStartAgainWithTheNextYearOfTheBook) {
  v1::Book book = BirthBook();
  EXPECT_THAT(Sequence({"1", "2", "3", "1", "2"}, book),
              ElementsAre("number_twice 01/1995", "number_twice 02/1995"))
      << "a book of one year has no next one";
  book.set_last_year(1996);
  EXPECT_THAT(Sequence({"1", "2", "3", "1", "1bis", "2"}, book), IsEmpty());
  EXPECT_THAT(Sequence({"1", "2", "3", "1", "4"}, book),
              ElementsAre("number_gap numbers 02/1996 to 03/1996"));
  EXPECT_THAT(Sequence({"1", "2", "1", "2", "1"}, book), ElementsAre("number_twice 01/1996"));
  EXPECT_THAT(Sequence({"1", "2", "3", "2"}, book), ElementsAre("number_twice 02/1995"));
}

TEST(Numbers, OfALaterBookGoOnFromTheOneBefore) {
  v1::Book book = BirthBook();
  book.set_number("02");
  EXPECT_THAT(Sequence({"127/1995", "128/1995"}, book), IsEmpty());
  EXPECT_THAT(Sequence({"127/1995", "130/1995"}, book),
              ElementsAre("number_gap numbers 128/1995 to 129/1995"));
}

TEST(Numbers, LeadToTheirEntries) {
  std::vector<v1::Entry> entries(4);
  const char* const numbers[] = {"01/1995", "03/1995", "", "03/1995"};
  for (int i = 0; i < 4; ++i) {
    entries[i].set_entry_id(std::to_string(i));
    entries[i].set_number(numbers[i]);
  }
  std::vector<std::string> found;
  for (const v1::Warning& warning : CheckSequence(BirthBook(), entries)) {
    found.push_back(absl::StrCat(warning.code(), " ", absl::StrJoin(warning.entry_ids(), "+")));
  }
  EXPECT_THAT(found, ElementsAre("number_gap 1", "number_unread 2", "number_twice 1+3"));
}

TEST(Numbers, MissingAreCounted) {
  std::vector<v1::Entry> entries(2);
  entries[0].set_number("01/1995");
  entries[1].set_number("05/1995");
  const std::vector<v1::Warning> warnings = CheckSequence(BirthBook(), entries);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_THAT(warnings[0].message(),
              testing::StartsWith("numbers 02/1995 to 04/1995: 3 are missing before 05/1995"));
}

}  // namespace
}  // namespace hotich::value
