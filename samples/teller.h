// How one office writes things down: invents people of its commune and gives each fact as the text
// that stands in a zone, short enough for the zone's room.
//
//   Teller tell(form, office, words, random);
//   fields["nksNoiSinh"] = tell.Home("nksNoiSinh");
#ifndef HOTICH_SAMPLES_TELLER_H_
#define HOTICH_SAMPLES_TELLER_H_

#include <string>
#include <vector>

#include "hotich/v1/form.pb.h"
#include "samples/spoken.h"
#include "samples/story.h"
#include "samples/words.h"

namespace hotich::samples {

struct Person {
  std::string name;
  Sex sex = Sex::kMale;
  Date birth;
  std::string ethnic = "Kinh";
  std::string hamlet;
  std::string work;
  std::string identity;  // number of the identity card, "" = none
};

// The book's office, its officer and his habits.
struct Office {
  Unit unit;
  int year = 2000;
  std::string officer;
  std::string title;
  std::string clerk;  // who writes the book and signs as its executor
  DateHabit habit;
  bool number_with_year = false;
  bool capital_names = false;
  bool ages = false;        // parents' ages instead of birth years, as before 1999
  std::string minority;     // the second people of the commune
  std::string hamlet_word;  // thôn, ấp, xóm ...
};
Office OpenOffice(const v1::FormTemplate& form, const Words& words, Random random);

// Borrows form, office and words. Not safe from two threads.
class Teller {
 public:
  Teller(const v1::FormTemplate& form, const Office& office, const Words& words, Random random)
      : form_(form), office_(office), words_(words), random_(random) {}

  Random& random() { return random_; }
  const Office& office() const { return office_; }
  // Characters that fit a zone; 0 when the form has no such zone.
  int Room(const std::string& zone) const;

  Person Invent(Sex sex, const Date& birth, const std::string& surname);
  Person Invent(Sex sex, const Date& birth);

  FieldText Name(const std::string& name) const;
  FieldText Plain(const std::string& text) const { return {text, ""}; }
  FieldText Day(const Date& date) const;
  FieldText DayInWords(const Date& date) const;
  FieldText Year(const Date& date) const;
  // Where one box holds the printed words "ngày ... tháng ... năm ...", with these words.
  FieldText DayAt(const Date& date, const std::string& zone) const;
  FieldText BirthOf(const Person& person, const std::string& zone);
  FieldText SexOf(const Person& person) const;
  FieldText EthnicOf(const Person& person) const { return {person.ethnic, person.ethnic}; }
  FieldText IdentityOf(const Person& person) const { return Plain(person.identity); }
  // When and by whom the identity card was given; blank where there is none.
  FieldText IdentityGiven(const Person& person) const;
  FieldText IdentityGivenBy(const Person& person, const std::string& zone) const;
  FieldText Nationality(const std::string& zone) const;
  FieldText Residence(const Person& person, const std::string& zone) const;
  FieldText Home(const std::string& zone);
  FieldText BirthPlace(const std::string& zone);
  FieldText Title(const std::string& zone);
  // A value for a zone no event speaks of.
  FieldText OfKind(const v1::Zone& zone);

 private:
  bool PrintsDateWords(const v1::Zone& zone) const;

  const v1::FormTemplate& form_;
  const Office& office_;
  const Words& words_;
  Random random_;
};

// The first of `choices`, longest first, that has at most `room` characters; else the last.
std::string Fitting(const std::vector<std::string>& choices, int room);
// "Xã An Bình" -> "xã An Bình".
std::string LowerFirst(std::string text);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_TELLER_H_
