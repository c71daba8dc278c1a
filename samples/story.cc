// A story is told event by event: the people and days of a birth, a marriage or a death are
// invented so that they agree, and the teller gives the words an officer would write for them.
#include "samples/story.h"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "samples/teller.h"

namespace hotich::samples {
namespace {

constexpr double kDaysPerYear = 365.25;

using Fields = std::map<std::string, FieldText>;

const std::vector<std::string> kCauses = {
    "Bệnh",     "Già yếu",   "Bệnh già", "Tai nạn giao thông", "Ung thư gan",
    "Tai biến", "Đuối nước", "Bệnh tim", "Ung thư phổi",       "Suy tim, già yếu"};
const std::vector<std::string> kNotes = {
    "Cấp lại bản chính ngày %d/%d/%d", "Cấp bản sao ngày %d/%d/%d",
    "Đã cải chính năm sinh theo QĐ số 12 ngày %d/%d/%d", "Đã cấp giấy ngày %d/%d/%d"};

void TellParent(Teller& tell, const std::string& prefix, const Person& parent, Fields& fields) {
  fields[prefix + "HoTen"] = tell.Plain(parent.name);
  fields[prefix + "NgaySinh"] = tell.BirthOf(parent, prefix + "NgaySinh");
  fields[prefix + "DanToc"] = tell.EthnicOf(parent);
  fields[prefix + "QuocTich"] = tell.Nationality(prefix + "QuocTich");
  fields[prefix + "NgheNghiep"] = tell.Plain(parent.work);
  fields[prefix + "NoiCuTru"] = tell.Residence(parent, prefix + "NoiCuTru");
  fields[prefix + "SoGiayToTuyThan"] = tell.IdentityOf(parent);
  fields[prefix + "NgayCapGiayToTuyThan"] = tell.IdentityGiven(parent);
  fields[prefix + "NoiCapGiayToTuyThan"] =
      tell.IdentityGivenBy(parent, prefix + "NoiCapGiayToTuyThan");
}

// All that a book asks of the person an entry is about.
void TellPerson(Teller& tell, const std::string& prefix, const Person& person, Fields& fields) {
  TellParent(tell, prefix, person, fields);
  fields[prefix + "HoTen"] = tell.Name(person.name);
  fields[prefix + "GioiTinh"] = tell.SexOf(person);
  fields[prefix + "NgaySinh"] = tell.Day(person.birth);
  fields[prefix + "NoiSinh"] = tell.BirthPlace(prefix + "NoiSinh");
  fields[prefix + "QueQuan"] = tell.Home(prefix + "QueQuan");
}

Date YearsBefore(const Date& date, double years) {
  return AddDays(date, -static_cast<int>(years * kDaysPerYear));
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
  mother.hamlet = father.hamlet;
  const bool fatherless = random.Chance(0.05);
  const std::string surname = (fatherless ? mother : father).name;
  Person child = tell.Invent(random.Chance(0.51) ? Sex::kMale : Sex::kFemale, birth,
                             surname.substr(0, surname.find(' ')));
  child.ethnic = fatherless ? mother.ethnic : father.ethnic;

  fields["nksHoTen"] = tell.Name(child.name);
  fields["nksGioiTinh"] = tell.SexOf(child);
  fields["nksNgaySinh"] = tell.Day(birth);
  fields["nksNgaySinhBangChu"] = tell.DayInWords(birth);
  fields["nksNoiSinh"] = tell.BirthPlace("nksNoiSinh");
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
        tell.Invent(husband ? Sex::kMale : Sex::kFemale, YearsBefore(registered, age_years));
    TellParent(tell, prefix, person, entry.fields);
    entry.fields[prefix + "HoTen"] = tell.Name(person.name);
    entry.fields[prefix + "NgaySinh"] =
        random.Chance(0.75) ? tell.Day(person.birth) : tell.Year(person.birth);
    entry.fields[prefix + "LanKetHon"] = tell.Plain(random.Chance(0.93) ? "1" : "2");
  }
  entry.fields["ngayXacLapQuanHeHonNhan"] = tell.Day(registered);
  if (random.Chance(0.06)) entry.stamp = "ĐĂNG KÝ LẠI";
}

void TellDeath(Teller& tell, const Date& registered, EntryStory& entry) {
  Random& random = tell.random();
  Fields& fields = entry.fields;
  const Date death = AddDays(registered, -random.Int(1, 14));
  const Person dead = tell.Invent(random.Chance(0.5) ? Sex::kMale : Sex::kFemale,
                                  YearsBefore(death, random.Uniform(25, 95)));
  fields["nktHoTen"] = tell.Name(dead.name);
  fields["nktGioiTinh"] = tell.SexOf(dead);
  fields["nktNgaySinh"] = random.Chance(0.4) ? tell.Day(dead.birth) : tell.Year(dead.birth);
  fields["nktDanToc"] = tell.EthnicOf(dead);
  fields["nktQuocTich"] = tell.Nationality("nktQuocTich");
  fields["nktNgheNghiep"] = tell.Plain(dead.work);
  fields["nktNoiCuTru"] = tell.Residence(dead, "nktNoiCuTru");
  fields["nktSoGiayToTuyThan"] = tell.IdentityOf(dead);
  char time[32];
  std::snprintf(time, sizeof time, "%02d giờ %02d", random.Int(0, 23), random.Int(0, 11) * 5);
  fields["nktGioPhutChet"] =
      tell.Plain(Fitting({std::string(time) + " phút", time}, tell.Room("nktGioPhutChet")));
  fields["nktNgayChet"] = tell.DayAt(death, "nktNgayChet");
  fields["nktNoiChet"] = random.Chance(0.7) ? tell.Plain("Tại nhà") : tell.BirthPlace("nktNoiChet");
  fields["nktNguyenNhanChet"] = tell.Plain(random.Pick(kCauses));
  if (random.Chance(0.6)) {
    const std::string number = std::to_string(random.Int(1, 60));
    fields["gbtSo"] = tell.Plain(
        Fitting({"Giấy báo tử số " + number, number + "/GBT", number}, tell.Room("gbtSo")));
    fields["gbtNgay"] = tell.Day(registered);
    fields["gbtCoQuanCap"] = tell.Plain("UBND " + LowerFirst(tell.office().unit.commune));
  } else {
    for (const char* name : {"gbtSo", "gbtNgay", "gbtCoQuanCap"}) fields[name] = {};
  }
  const Person kin =
      tell.Invent(random.Chance(0.6) ? Sex::kMale : Sex::kFemale, YearsBefore(registered, 45));
  fields["nycHoTen"] = tell.Plain(kin.name);
  fields["nycQuanHe"] = tell.Plain(random.Pick(
      std::vector<std::string>{"Con", "Con trai", "Vợ", "Chồng", "Cháu", "Em", "Con rể"}));
  fields["nycNoiCuTru"] = tell.Residence(kin, "nycNoiCuTru");
  fields["nycSoGiayToTuyThan"] = tell.IdentityOf(kin);
}

// A father, sometimes a mother, recognises a child.
void TellRecognition(Teller& tell, const Date& registered, EntryStory& entry) {
  Random& random = tell.random();
  Fields& fields = entry.fields;
  const bool father = random.Chance(0.85);
  const Person parent = tell.Invent(father ? Sex::kMale : Sex::kFemale,
                                    YearsBefore(registered, random.Uniform(24, 55)));
  const Person child = tell.Invent(random.Chance(0.5) ? Sex::kMale : Sex::kFemale,
                                   YearsBefore(registered, random.Uniform(0.1, 9)),
                                   parent.name.substr(0, parent.name.find(' ')));
  TellPerson(tell, "cm", parent, fields);
  TellPerson(tell, "nc", child, fields);
  fields["ncSoGiayToTuyThan"] = {};
  fields["nycHoTen"] = tell.Plain(parent.name);
  fields["nycQHNguoiNhan"] = tell.Plain("Bản thân");
  fields["nycQHNguoiDuocNhan"] = tell.Plain(father ? "Cha" : "Mẹ");
  fields["nycSoGiayToTuyThan"] = tell.IdentityOf(parent);
}

// A couple adopts a child from its mother.
void TellAdoption(Teller& tell, const Date& registered, EntryStory& entry) {
  Random& random = tell.random();
  Fields& fields = entry.fields;
  const Person child = tell.Invent(random.Chance(0.5) ? Sex::kMale : Sex::kFemale,
                                   YearsBefore(registered, random.Uniform(0.1, 9)));
  TellPerson(tell, "cn", child, fields);
  TellParent(tell, "chaNuoi",
             tell.Invent(Sex::kMale, YearsBefore(registered, random.Uniform(30, 50))), fields);
  TellParent(tell, "meNuoi",
             tell.Invent(Sex::kFemale, YearsBefore(registered, random.Uniform(28, 48))), fields);
  TellParent(tell, "giao",
             tell.Invent(Sex::kFemale, YearsBefore(registered, random.Uniform(19, 38))), fields);
  fields["giaoQuanHe"] = tell.Plain(Fitting({"Mẹ đẻ", "Mẹ"}, tell.Room("giaoQuanHe")));
  fields["quyetDinhNgay"] = tell.Day(registered);
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
    case v1::BOOK_KIND_CMC:
      return TellRecognition;
    case v1::BOOK_KIND_NCN:
      return TellAdoption;
    default:
      return [](Teller&, const Date&, EntryStory&) {};
  }
}

void TellRegistration(Teller& tell, const Date& registered, const BookStory& book,
                      EntryStory& entry) {
  Random& random = tell.random();
  const Office& office = tell.office();
  Fields& fields = entry.fields;
  char number[16];
  std::snprintf(number, sizeof number, "%02d", entry.number);
  const std::string with_year = std::string(number) + "/" + std::to_string(office.year);
  const bool has_room = tell.Room("so") >= static_cast<int>(with_year.size());
  fields["so"] = {office.number_with_year && has_room ? with_year : number, with_year};
  fields["quyenSo"] = {book.number, book.number + "/" + std::to_string(office.year)};
  fields["trangSo"] = tell.Plain(std::to_string(entry.number));
  fields["ngayDangKy"] = tell.DayAt(registered, "ngayDangKy");
  fields["nguoiKy"] = tell.Plain(office.officer);
  fields["nguoiThucHien"] = tell.Plain(office.clerk);
  fields["chucVuNguoiKy"] = tell.Title("chucVuNguoiKy");
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
  const std::string mark = random.Pick(std::vector<std::string>{"nt", "-nt-", "\""});
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
    TellRegistration(tell, registered, book, entry);
    Fields wanted;
    for (const v1::Zone& zone : form.zones()) {
      if (zone.kind() == v1::FIELD_KIND_PICTURE || zone.keyed()) continue;
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
