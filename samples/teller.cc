// The room of a zone is its width in mean letters. Each fact has several ways to be written, from
// long to short; the longest that fits is taken, as people do.
#include "samples/teller.h"

#include <cctype>
#include <cstdio>

#include "base/text.h"

namespace hotich::samples {
namespace {

// Mean advance of register handwriting on the narrowest line of the forms; decides how much fits a
// zone.
constexpr double kCharacterWidth_mm = 1.75;

const std::vector<std::string> kFarmWork = {"Làm ruộng", "Làm nông", "Nông dân", "Làm rẫy"};
const std::vector<std::string> kOtherWork = {"Công nhân", "Giáo viên", "Buôn bán", "Thợ may",
                                             "Thợ xây",   "Bộ đội",    "Lái xe",   "Nội trợ",
                                             "Cán bộ xã", "Y tá"};
const std::vector<std::string> kTitles = {"Chủ tịch", "Phó Chủ tịch", "CT", "PCT", "P. Chủ tịch"};
const std::vector<std::string> kMinorities = {"Tày",  "Thái",    "Mường", "Nùng", "Mông", "Dao",
                                              "Ê Đê", "Gia Rai", "Ba Na", "Chăm", "Hoa",  "Khơ Me"};

char32_t Upper(char32_t c) {
  // Vietnamese letters lie in ranges where a capital is 32 before its small letter, or next to it.
  const bool latin = (c >= U'a' && c <= U'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7);
  if (latin) return c - 32;
  const bool small_is_odd =
      (c >= 0x100 && c <= 0x137) || c == 0x169 || c == 0x1a1 || (c >= 0x1ea0 && c <= 0x1ef9);
  if (small_is_odd && c % 2 == 1) return c - 1;
  return c == U'ư' ? U'Ư' : c;
}

std::string UpperCase(const std::string& text) {
  std::u32string points = CodePoints(text);
  for (char32_t& c : points) c = Upper(c);
  return FromCodePoints(points);
}

std::string UpperFirst(const std::string& text) {
  std::u32string points = CodePoints(text);
  if (!points.empty()) points[0] = Upper(points[0]);
  return FromCodePoints(points);
}

// "Xã An Bình" -> "An Bình", "Thành phố Huế" -> "Huế".
std::string BareName(const std::string& unit) {
  for (const char* word :
       {"Thành phố ", "Thị trấn ", "Thị xã ", "Phường ", "Huyện ", "Quận ", "Tỉnh ", "Xã "}) {
    if (unit.rfind(word, 0) == 0) return unit.substr(std::string(word).size());
  }
  return unit;
}

int Length(const std::string& text) { return static_cast<int>(CodePoints(text).size()); }

// Shortened the way people shorten places: from the hamlet down to the bare commune.
std::string PlaceIn(const Unit& unit, const std::string& hamlet, int room) {
  const std::string commune = LowerFirst(unit.commune);
  const std::string district = LowerFirst(unit.district);
  const std::string start = hamlet.empty() ? "" : hamlet + ", ";
  return Fitting({UpperFirst(start + commune + ", " + district + ", " + LowerFirst(unit.province)),
                  UpperFirst(start + commune + ", " + district + ", " + BareName(unit.province)),
                  UpperFirst(start + commune + ", " + district),
                  UpperFirst(start + BareName(unit.commune) + ", " + BareName(unit.district)),
                  UpperFirst(start + BareName(unit.commune)), BareName(unit.commune)},
                 room);
}
Date SomeDay(int year, Random& random) {
  return AddDays({.day = 1, .month = 1, .year = year}, random.Int(0, 364));
}

}  // namespace

std::string LowerFirst(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string Fitting(const std::vector<std::string>& choices, int room) {
  for (const std::string& choice : choices) {
    if (Length(choice) <= room) return choice;
  }
  return choices.back();
}

Office OpenOffice(const v1::FormTemplate& form, const Words& words, Random random) {
  constexpr int kOldestYear = 1976;
  constexpr int kNewestYear = 2020;
  constexpr int kFirstYearOfBirthYears = 1999;
  Office office;
  office.unit = random.Pick(words.units);
  office.year = random.Int(form.first_year() == 0 ? kOldestYear : form.first_year(),
                           form.last_year() == 0 ? kNewestYear : form.last_year());
  const Sex sex = random.Chance(0.8) ? Sex::kMale : Sex::kFemale;
  office.officer = PickName(words, PickSurname(words, random), sex, office.year - 45, random);
  office.title = random.Pick(kTitles);
  office.habit = PickDateHabit(random);
  office.number_with_year = random.Chance(0.4);
  office.capital_names = random.Chance(0.5);
  office.ages = office.year < kFirstYearOfBirthYears;
  office.minority = random.Pick(kMinorities);
  office.hamlet_word = random.Pick(std::vector<std::string>{"thôn", "ấp", "xóm", "tổ", "đội"});
  office.clerk =
      PickName(words, PickSurname(words, random), Sex::kFemale, office.year - 30, random);
  return office;
}

int Teller::Room(const std::string& zone_name) const {
  for (const v1::Zone& zone : form_.zones()) {
    if (zone.name() != zone_name) continue;
    double width_mm = 0;
    for (const v1::Box& box : zone.boxes()) width_mm += box.width();
    return static_cast<int>(width_mm / kCharacterWidth_mm);
  }
  return 0;
}

Person Teller::Invent(Sex sex, const Date& birth, const std::string& surname) {
  Person person{.name = PickName(words_, surname, sex, birth.year, random_),
                .sex = sex,
                .birth = birth,
                .ethnic = random_.Chance(0.8) ? "Kinh" : office_.minority,
                .hamlet = UpperFirst(office_.hamlet_word) + " " + std::to_string(random_.Int(1, 9)),
                .work = random_.Pick(random_.Chance(0.7) ? kFarmWork : kOtherWork),
                .identity = ""};
  char number[16];
  std::snprintf(number, sizeof number, "%02d%07d", random_.Int(1, 38), random_.Int(0, 9999999));
  if (random_.Chance(0.7)) person.identity = number;
  return person;
}

Person Teller::Invent(Sex sex, const Date& birth) {
  return Invent(sex, birth, PickSurname(words_, random_));
}

FieldText Teller::Name(const std::string& name) const {
  return {office_.capital_names ? UpperCase(name) : name, ""};
}

FieldText Teller::Day(const Date& date) const {
  return {DateInDigits(date, office_.habit), DottedDate(date)};
}

FieldText Teller::DayInWords(const Date& date) const {
  return {DateInWords(date, office_.habit), DottedDate(date)};
}

FieldText Teller::Year(const Date& date) const {
  return {std::to_string(date.year), std::to_string(date.year)};
}

FieldText Teller::DayAt(const Date& date, const std::string& zone) const {
  for (const v1::Zone& z : form_.zones()) {
    if (z.name() != zone || !PrintsDateWords(z)) continue;
    char text[64];
    std::snprintf(text, sizeof text, "ngày %02d tháng %02d năm %d", date.day, date.month,
                  date.year);
    return {text, DottedDate(date)};
  }
  return Day(date);
}

FieldText Teller::IdentityGiven(const Person& person) const {
  constexpr int kFirstDay = 15 * 365, kDays = 5 * 365;  // at the age of fifteen to twenty
  if (person.identity.empty()) return {};
  Random random = random_.Fork("identity card of " + person.name);
  return Day(AddDays(person.birth, kFirstDay + random.Int(0, kDays)));
}

FieldText Teller::IdentityGivenBy(const Person& person, const std::string& zone) const {
  if (person.identity.empty()) return {};
  const std::string& province = office_.unit.province;
  return Plain(Fitting(
      {"Công an " + LowerFirst(province), "CA " + LowerFirst(province), "CA " + BareName(province)},
      Room(zone)));
}

FieldText Teller::BirthOf(const Person& person, const std::string& zone) {
  constexpr int kDateLength = 10;
  if (office_.ages) return Plain(std::to_string(office_.year - person.birth.year) + " t");
  const bool whole = Room(zone) >= kDateLength && random_.Chance(0.3);
  return whole ? Day(person.birth) : Year(person.birth);
}

FieldText Teller::SexOf(const Person& person) const {
  return person.sex == Sex::kMale ? FieldText{"Nam", "1"} : FieldText{"Nữ", "2"};
}

FieldText Teller::Nationality(const std::string& zone) const {
  return {Fitting({"Việt Nam", "VN"}, Room(zone) + 1), "Việt Nam"};
}

FieldText Teller::Residence(const Person& person, const std::string& zone) const {
  return Plain(PlaceIn(office_.unit, person.hamlet, Room(zone)));
}

FieldText Teller::Home(const std::string& zone) {
  const Unit& unit = random_.Chance(0.6) ? office_.unit : random_.Pick(words_.units);
  return Plain(PlaceIn(unit, "", Room(zone)));
}

FieldText Teller::BirthPlace(const std::string& zone) {
  const std::string commune = LowerFirst(office_.unit.commune);
  const std::string district = LowerFirst(office_.unit.district);
  const double where = random_.Uniform(0, 1);
  if (where < 0.35) {
    return Plain(Fitting({"Trạm y tế " + commune + ", " + district, "Trạm y tế " + commune,
                          "Trạm y tế xã", "Trạm xá", "TYT"},
                         Room(zone)));
  }
  if (where < 0.75) {
    return Plain(Fitting({"Bệnh viện đa khoa " + district, "Bệnh viện " + district,
                          "BV " + BareName(office_.unit.district), "BV"},
                         Room(zone)));
  }
  if (where < 0.85) return Plain("Tại nhà");
  return Plain(PlaceIn(office_.unit, "", Room(zone)));
}

FieldText Teller::Title(const std::string& zone) {
  const std::string whole = office_.title + " UBND " + LowerFirst(office_.unit.commune);
  return Plain(Length(whole) <= Room(zone) && random_.Chance(0.5) ? whole : office_.title);
}

FieldText Teller::OfKind(const v1::Zone& zone) {
  const Date date = SomeDay(office_.year - 20, random_);
  const Person person = Invent(random_.Chance(0.5) ? Sex::kMale : Sex::kFemale, date);
  switch (zone.kind()) {
    case v1::FIELD_KIND_NAME:
      return Name(person.name);
    case v1::FIELD_KIND_PLACE:
      return Residence(person, zone.name());
    case v1::FIELD_KIND_DATE:
      return Day(date);
    case v1::FIELD_KIND_DATE_WORDS:
      return DayInWords(date);
    case v1::FIELD_KIND_NUMBER:
      return Plain(std::to_string(random_.Int(1, 99)));
    case v1::FIELD_KIND_RELATION:
      return Plain("Con");
    case v1::FIELD_KIND_TITLE:
      return Title(zone.name());
    case v1::FIELD_KIND_SEX:
      return SexOf(person);
    case v1::FIELD_KIND_ETHNIC:
      return EthnicOf(person);
    case v1::FIELD_KIND_NATIONALITY:
      return Nationality(zone.name());
    case v1::FIELD_KIND_IDENTITY:
      return IdentityOf(person);
    default:
      return {};
  }
}

bool Teller::PrintsDateWords(const v1::Zone& zone) const {
  if (zone.boxes().empty()) return false;
  const v1::Box& box = zone.boxes(0);
  const double top = form_.record().top_mm() + box.y();
  for (const v1::Label& label : form_.pages(zone.page()).labels()) {
    const bool inside = label.x_mm() > box.x() && label.x_mm() < box.x() + box.width() &&
                        label.baseline_mm() > top && label.baseline_mm() < top + box.height();
    if (inside && label.text() == "tháng") return true;
  }
  return false;
}

}  // namespace hotich::samples
