// A story is told event by event: first the people and days of one event (Birth, Marriage, Death),
// then the words an officer would write for them into the room each zone has. Places are shortened
// the way people shorten them: from the hamlet down to the bare commune, the longest that fits.
#include "samples/story.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <functional>

#include "base/text.h"

namespace hotich::samples {
namespace {

// Mean advance of register handwriting on the narrowest line of the forms; decides how much fits a
// zone.
constexpr double kCharacterWidth_mm = 1.75;
constexpr double kDaysPerYear = 365.25;

using Fields = std::map<std::string, FieldText>;

const std::vector<std::string> kFarmWork = {"Làm ruộng", "Làm nông", "Nông dân", "Làm rẫy"};
const std::vector<std::string> kOtherWork = {"Công nhân", "Giáo viên", "Buôn bán", "Thợ may",
                                             "Thợ xây",   "Bộ đội",    "Lái xe",   "Nội trợ",
                                             "Cán bộ xã", "Y tá"};
const std::vector<std::string> kCauses = {
    "Bệnh",     "Già yếu",   "Bệnh già", "Tai nạn giao thông", "Ung thư gan",
    "Tai biến", "Đuối nước", "Bệnh tim", "Ung thư phổi",       "Suy tim, già yếu"};
const std::vector<std::string> kTitles = {"Chủ tịch", "Phó Chủ tịch", "CT", "PCT", "P. Chủ tịch"};
const std::vector<std::string> kNotes = {
    "Cấp lại bản chính ngày %d/%d/%d", "Cấp bản sao ngày %d/%d/%d",
    "Đã cải chính năm sinh theo QĐ số 12 ngày %d/%d/%d", "Đã cấp giấy ngày %d/%d/%d"};
const std::vector<std::string> kMinorities = {"Tày",  "Thái",    "Mường", "Nùng", "Mông", "Dao",
                                              "Ê Đê", "Gia Rai", "Ba Na", "Chăm", "Hoa",  "Khơ Me"};

struct Person {
  std::string name;
  Sex sex = Sex::kMale;
  Date birth;
  std::string ethnic = "Kinh";
  std::string residence_hamlet;
  std::string work;
  std::string identity;  // number of the identity card, "" = none
};

// The book's office, its officer and his habits.
struct Office {
  Unit unit;
  int year = 2000;
  std::string officer;
  std::string title;
  DateHabit habit;
  bool number_with_year = false;
  bool capital_names = false;
  bool ages = false;        // parents' ages instead of birth years, as before 1999
  std::string minority;     // the second people of the commune
  std::string hamlet_word;  // thôn, ấp, xóm ...
};

std::string LowerFirst(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

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

// The first of `choices`, longest first, that has at most `room` characters; else the last.
std::string Fitting(const std::vector<std::string>& choices, int room) {
  for (const std::string& choice : choices) {
    if (Length(choice) <= room) return choice;
  }
  return choices.back();
}

Date SomeDay(int year, Random& random) {
  return AddDays({.day = 1, .month = 1, .year = year}, random.Int(0, 364));
}

// Tells single values; knows the room of each zone.
class Teller {
 public:
  Teller(const v1::FormTemplate& form, const Office& office, const Words& words, Random random)
      : form_(form), office_(office), words_(words), random_(random) {}

  Random& random() { return random_; }
  const Office& office() const { return office_; }

  int Room(const std::string& zone_name) const {
    for (const v1::Zone& zone : form_.zones()) {
      if (zone.name() != zone_name) continue;
      double width_mm = 0;
      for (const v1::Box& box : zone.boxes()) width_mm += box.width();
      return static_cast<int>(width_mm / kCharacterWidth_mm);
    }
    return 0;
  }

  Person Invent(Sex sex, const Date& birth, const std::string& surname) {
    Person person{.name = PickName(words_, surname, sex, birth.year, random_),
                  .sex = sex,
                  .birth = birth,
                  .ethnic = random_.Chance(0.8) ? "Kinh" : office_.minority,
                  .residence_hamlet =
                      UpperFirst(office_.hamlet_word) + " " + std::to_string(random_.Int(1, 9)),
                  .work = random_.Pick(random_.Chance(0.7) ? kFarmWork : kOtherWork),
                  .identity = ""};
    char number[16];
    std::snprintf(number, sizeof number, "%02d%07d", random_.Int(1, 38), random_.Int(0, 9999999));
    if (random_.Chance(0.7)) person.identity = number;
    return person;
  }
  Person Invent(Sex sex, const Date& birth) {
    return Invent(sex, birth, PickSurname(words_, random_));
  }

  FieldText Name(const std::string& name) const {
    return {office_.capital_names ? UpperCase(name) : name, ""};
  }
  FieldText Plain(const std::string& text) const { return {text, ""}; }
  FieldText Day(const Date& date) const {
    return {DateInDigits(date, office_.habit), DottedDate(date)};
  }
  FieldText BirthOf(const Person& person, const std::string& zone) {
    if (office_.ages) return {std::to_string(office_.year - person.birth.year) + " t", ""};
    const std::string year = std::to_string(person.birth.year);
    const bool whole = Room(zone) >= 10 && random_.Chance(0.3);
    return whole ? Day(person.birth) : FieldText{year, year};
  }
  FieldText SexOf(const Person& person) const {
    return person.sex == Sex::kMale ? FieldText{"Nam", "1"} : FieldText{"Nữ", "2"};
  }
  FieldText EthnicOf(const Person& person) const { return {person.ethnic, person.ethnic}; }
  FieldText Nationality(const std::string& zone) const {
    return {Room(zone) < 7 ? "VN" : "Việt Nam", "Việt Nam"};
  }
  FieldText Residence(const Person& person, const std::string& zone) const {
    return Plain(PlaceIn(office_.unit, person.residence_hamlet, Room(zone)));
  }
  FieldText Home(const std::string& zone) {
    const Unit& unit = random_.Chance(0.6) ? office_.unit : random_.Pick(words_.units);
    return Plain(PlaceIn(unit, "", Room(zone)));
  }
  FieldText WordsOf(const Date& date) const {
    return {DateInWords(date, office_.habit), DottedDate(date)};
  }
  // The printed form asks "ngày ... tháng ... năm ..." where one box holds these words.
  FieldText Registered(const Date& date, const std::string& zone) const {
    for (const v1::Zone& z : form_.zones()) {
      if (z.name() == zone && PrintsDateWords(z)) {
        char text[64];
        std::snprintf(text, sizeof text, "ngày %02d tháng %02d năm %d", date.day, date.month,
                      date.year);
        return {text, DottedDate(date)};
      }
    }
    return Day(date);
  }
  FieldText IdentityOf(const Person& person) const { return Plain(person.identity); }

  // A value for a zone no event speaks of.
  FieldText OfKind(const v1::Zone& zone) {
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
        return WordsOf(date);
      case v1::FIELD_KIND_NUMBER:
        return Plain(std::to_string(random_.Int(1, 99)));
      case v1::FIELD_KIND_RELATION:
        return Plain("Con");
      case v1::FIELD_KIND_TITLE:
        return Plain(random_.Pick(kTitles));
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

  static std::string PlaceIn(const Unit& unit, const std::string& hamlet, int room) {
    const std::string commune = LowerFirst(unit.commune);
    const std::string district = LowerFirst(unit.district);
    const std::string start = hamlet.empty() ? "" : hamlet + ", ";
    return Fitting(
        {UpperFirst(start + commune + ", " + district + ", " + LowerFirst(unit.province)),
         UpperFirst(start + commune + ", " + district + ", " + BareName(unit.province)),
         UpperFirst(start + commune + ", " + district),
         UpperFirst(start + BareName(unit.commune) + ", " + BareName(unit.district)),
         UpperFirst(start + BareName(unit.commune)), BareName(unit.commune)},
        room);
  }

 private:
  bool PrintsDateWords(const v1::Zone& zone) const {
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

  const v1::FormTemplate& form_;
  const Office& office_;
  const Words& words_;
  Random random_;
};

std::string BirthPlace(Teller& tell, const std::string& zone) {
  const Unit& unit = tell.office().unit;
  const std::string commune = LowerFirst(unit.commune);
  const std::string district = LowerFirst(unit.district);
  const double kind = tell.random().Uniform(0, 1);
  if (kind < 0.35) {
    return Fitting({"Trạm y tế " + commune + ", " + district, "Trạm y tế " + commune,
                    "Trạm y tế xã", "Trạm xá", "TYT"},
                   tell.Room(zone));
  }
  if (kind < 0.75) {
    return Fitting({"Bệnh viện đa khoa " + district, "Bệnh viện " + district,
                    "BV " + BareName(unit.district), "BV"},
                   tell.Room(zone));
  }
  if (kind < 0.85) return Fitting({"Tại nhà"}, tell.Room(zone));
  return Teller::PlaceIn(unit, "", tell.Room(zone));
}

void TellParent(Teller& tell, const std::string& prefix, const Person& parent, Fields& fields) {
  fields[prefix + "HoTen"] = tell.Plain(parent.name);
  fields[prefix + "NgaySinh"] = tell.BirthOf(parent, prefix + "NgaySinh");
  fields[prefix + "DanToc"] = tell.EthnicOf(parent);
  fields[prefix + "QuocTich"] = tell.Nationality(prefix + "QuocTich");
  fields[prefix + "NgheNghiep"] = tell.Plain(parent.work);
  fields[prefix + "NoiCuTru"] = tell.Residence(parent, prefix + "NoiCuTru");
  fields[prefix + "SoGiayToTuyThan"] = tell.IdentityOf(parent);
}

void TellBirth(Teller& tell, const Date& registered, EntryStory& entry) {
  Random& random = tell.random();
  Fields& fields = entry.fields;
  const bool late = random.Chance(0.12);
  const int age_days = late ? random.Int(90, 4000) : random.Int(2, 30);
  const Date birth = AddDays(registered, -age_days);
  const auto parent_birth = [&] {
    return AddDays(birth, -static_cast<int>(random.Uniform(19, 41) * kDaysPerYear));
  };
  const Person father = tell.Invent(Sex::kMale, parent_birth());
  Person mother = tell.Invent(Sex::kFemale, parent_birth());
  mother.residence_hamlet = father.residence_hamlet;
  const bool fatherless = random.Chance(0.05);
  const std::string surname = (fatherless ? mother : father).name;
  Person child = tell.Invent(random.Chance(0.51) ? Sex::kMale : Sex::kFemale, birth,
                             surname.substr(0, surname.find(' ')));
  child.ethnic = fatherless ? mother.ethnic : father.ethnic;

  fields["nksHoTen"] = tell.Name(child.name);
  fields["nksGioiTinh"] = tell.SexOf(child);
  fields["nksNgaySinh"] = tell.Day(birth);
  fields["nksNgaySinhBangChu"] = tell.WordsOf(birth);
  fields["nksNoiSinh"] = tell.Plain(BirthPlace(tell, "nksNoiSinh"));
  fields["nksDanToc"] = tell.EthnicOf(child);
  fields["nksQuocTich"] = tell.Nationality("nksQuocTich");
  fields["nksQueQuan"] = tell.Home("nksQueQuan");
  TellParent(tell, "me", mother, fields);
  TellParent(tell, "cha", fatherless ? Person{} : father, fields);
  if (fatherless) {
    for (auto& [name, text] : fields) {
      if (name.rfind("cha", 0) == 0) text = {};
    }
  }
  const Person& declarant = fatherless || random.Chance(0.35) ? mother : father;
  fields["nycHoTen"] = tell.Plain(declarant.name);
  fields["nycQuanHe"] = tell.Plain(declarant.sex == Sex::kMale ? "Cha" : "Mẹ");
  if (random.Chance(0.15)) {
    const Person elder = tell.Invent(Sex::kFemale, AddDays(birth, -60 * 365));
    fields["nycHoTen"] = tell.Plain(elder.name);
    fields["nycQuanHe"] = tell.Plain(Fitting({"Bà nội", "Bà"}, tell.Room("nycQuanHe")));
  }
  fields["nycNoiCuTru"] = tell.Residence(declarant, "nycNoiCuTru");
  fields["nycSoGiayToTuyThan"] = tell.IdentityOf(declarant);
  fields["conThu"] = tell.Plain(std::to_string(random.Int(1, 5)));
  if (late) entry.stamp = random.Chance(0.6) ? "ĐĂNG KÝ QUÁ HẠN" : "ĐĂNG KÝ LẠI";
}

void TellMarriage(Teller& tell, const Date& registered, EntryStory& entry) {
  Random& random = tell.random();
  for (const std::string prefix : {"chong", "vo"}) {
    const bool husband = prefix == "chong";
    const double age_years = husband ? random.Uniform(20, 38) : random.Uniform(18, 35);
    const Person person =
        tell.Invent(husband ? Sex::kMale : Sex::kFemale,
                    AddDays(registered, -static_cast<int>(age_years * kDaysPerYear)));
    TellParent(tell, prefix, person, entry.fields);
    entry.fields[prefix + "HoTen"] = tell.Name(person.name);
    entry.fields[prefix + "NgaySinh"] =
        random.Chance(0.75)
            ? tell.Day(person.birth)
            : FieldText{std::to_string(person.birth.year), std::to_string(person.birth.year)};
  }
  if (random.Chance(0.06)) entry.stamp = "ĐĂNG KÝ LẠI";
}

void TellDeath(Teller& tell, const Date& registered, EntryStory& entry) {
  Random& random = tell.random();
  Fields& fields = entry.fields;
  const Date death = AddDays(registered, -random.Int(1, 14));
  const Person dead =
      tell.Invent(random.Chance(0.5) ? Sex::kMale : Sex::kFemale,
                  AddDays(death, -static_cast<int>(random.Uniform(25, 95) * kDaysPerYear)));
  fields["nktHoTen"] = tell.Name(dead.name);
  fields["nktGioiTinh"] = tell.SexOf(dead);
  fields["nktNgaySinh"] = random.Chance(0.4) ? tell.Day(dead.birth)
                                             : FieldText{std::to_string(dead.birth.year),
                                                         std::to_string(dead.birth.year)};
  fields["nktDanToc"] = tell.EthnicOf(dead);
  fields["nktQuocTich"] = tell.Nationality("nktQuocTich");
  fields["nktNoiCuTru"] = tell.Residence(dead, "nktNoiCuTru");
  fields["nktSoGiayToTuyThan"] = tell.IdentityOf(dead);
  char time[32];
  std::snprintf(time, sizeof time, "%02d giờ %02d", random.Int(0, 23), random.Int(0, 11) * 5);
  fields["nktGioPhutChet"] = tell.Plain(time);
  fields["nktNgayChet"] = tell.Day(death);
  fields["nktNoiChet"] =
      tell.Plain(random.Chance(0.7) ? "Tại nhà" : BirthPlace(tell, "nktNoiChet"));
  fields["nktNguyenNhanChet"] = tell.Plain(random.Pick(kCauses));
  if (random.Chance(0.6)) {
    const std::string number = std::to_string(random.Int(1, 60));
    fields["gbtSo"] = tell.Plain("Giấy báo tử số " + number);
    fields["gbtNgay"] = tell.Day(registered);
    fields["gbtCoQuanCap"] = tell.Plain("UBND " + LowerFirst(tell.office().unit.commune));
  } else {
    for (const char* name : {"gbtSo", "gbtNgay", "gbtCoQuanCap"}) fields[name] = {};
  }
  const Person kin = tell.Invent(random.Chance(0.6) ? Sex::kMale : Sex::kFemale,
                                 AddDays(registered, -static_cast<int>(45 * kDaysPerYear)));
  fields["nycHoTen"] = tell.Plain(kin.name);
  fields["nycQuanHe"] = tell.Plain(random.Pick(
      std::vector<std::string>{"Con", "Con trai", "Vợ", "Chồng", "Cháu", "Em", "Con rể"}));
}

Office OpenOffice(const v1::FormTemplate& form, const Words& words, Random random) {
  constexpr int kOldestYear = 1976;
  constexpr int kNewestYear = 2015;
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
  return office;
}

using TellEvent = std::function<void(Teller&, const Date&, EntryStory&)>;

TellEvent EventOf(v1::BookKind kind) {
  switch (kind) {
    case v1::BOOK_KIND_KS:
      return TellBirth;
    case v1::BOOK_KIND_KH:
      return TellMarriage;
    case v1::BOOK_KIND_KT:
      return TellDeath;
    default:
      return [](Teller&, const Date&, EntryStory&) {};
  }
}

void TellRegistration(Teller& tell, const Date& registered, int page_number, EntryStory& entry) {
  Random& random = tell.random();
  const Office& office = tell.office();
  Fields& fields = entry.fields;
  char number[16];
  std::snprintf(number, sizeof number, "%02d", entry.number);
  const std::string with_year = std::string(number) + "/" + std::to_string(office.year);
  const bool has_room = tell.Room("so") >= static_cast<int>(with_year.size());
  fields["so"] = {office.number_with_year && has_room ? with_year : number, with_year};
  fields["trangSo"] = tell.Plain(std::to_string(page_number));
  fields["ngayDangKy"] = tell.Registered(registered, "ngayDangKy");
  fields["nguoiKy"] = tell.Plain(office.officer);
  fields["chucVuNguoiKy"] =
      tell.Plain(tell.Room("chucVuNguoiKy") > 20 && random.Chance(0.5)
                     ? office.title + " UBND " + LowerFirst(office.unit.commune)
                     : office.title);
  if (random.Chance(0.08)) {
    const Date later = AddDays(registered, random.Int(200, 3000));
    char note[160];
    std::snprintf(note, sizeof note, random.Pick(kNotes).c_str(), later.day, later.month,
                  later.year);
    fields["ghiChu"] = tell.Plain(note);
  } else {
    fields["ghiChu"] = {};
  }
}

bool RepeatsDownTheColumn(v1::FieldKind kind) {
  return kind == v1::FIELD_KIND_ETHNIC || kind == v1::FIELD_KIND_NATIONALITY ||
         kind == v1::FIELD_KIND_TITLE || kind == v1::FIELD_KIND_PLACE;
}

// In a ledger what stands one entry higher is often not written again.
void WriteDittos(const v1::FormTemplate& form, Random& random, std::vector<EntryStory>& entries) {
  const std::string mark = random.Pick(std::vector<std::string>{"nt", "-nt-", "\"", "″"});
  const std::vector<EntryStory> as_told = entries;
  for (size_t i = 1; i < entries.size(); ++i) {
    if (static_cast<int>(i) % form.record().records() == 0) continue;  // first of its page
    for (const v1::Zone& zone : form.zones()) {
      if (!RepeatsDownTheColumn(zone.kind())) continue;
      const auto above = as_told[i - 1].fields.find(zone.name());
      FieldText& here = entries[i].fields[zone.name()];
      const bool same = above != as_told[i - 1].fields.end() && !here.literal.empty() &&
                        above->second.literal == here.literal;
      if (same && random.Chance(0.35)) here.literal = mark;
    }
  }
}

}  // namespace

BookStory InventBook(const v1::FormTemplate& form, int entries, const Words& words,
                     const Random& random) {
  const Office office = OpenOffice(form, words, random.Fork("office"));
  Random pace = random.Fork("pace");
  BookStory book{.place = "UBND " + LowerFirst(office.unit.commune) + ", " +
                          LowerFirst(office.unit.district) + ", " +
                          LowerFirst(office.unit.province),
                 .commune = LowerFirst(office.unit.commune),
                 .year = office.year,
                 .number = pace.Chance(0.7) ? "01" : "02",
                 .officer = office.officer,
                 .entries = {}};
  const TellEvent tell_event = EventOf(form.kind());
  constexpr int kLastDay = 355;  // of the year: entries stop before the book is closed
  const int first_number = pace.Int(1, 120);
  int day = pace.Int(5, 120);
  for (int i = 0; i < entries; ++i) {
    Teller tell(form, office, words, random.Fork("entry " + std::to_string(i)));
    EntryStory entry{.number = first_number + i, .fields = {}, .stamp = ""};
    const Date registered = AddDays({.day = 1, .month = 1, .year = office.year}, day);
    tell_event(tell, registered, entry);
    TellRegistration(tell, registered, first_number + i, entry);
    Fields wanted;
    for (const v1::Zone& zone : form.zones()) {
      if (zone.kind() == v1::FIELD_KIND_PICTURE) continue;
      const auto told = entry.fields.find(zone.name());
      wanted[zone.name()] = told != entry.fields.end() ? told->second : tell.OfKind(zone);
      if (!zone.constant().empty()) wanted[zone.name()] = tell.Plain(zone.constant());
    }
    entry.fields = std::move(wanted);
    book.entries.push_back(std::move(entry));
    day = std::min(kLastDay, day + pace.Int(0, 4));
  }
  Random dittos = random.Fork("dittos");
  if (form.record().records() > 1) WriteDittos(form, dittos, book.entries);
  return book;
}

}  // namespace hotich::samples
