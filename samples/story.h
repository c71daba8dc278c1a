// What stands in a register book: invented events of invented people, in order of their numbers.
//
//   const BookStory story = InventBook(form, 12, words, random);
//
// The fields are those of the form's zones; names the story does not know get a value of their
// kind, so a new form needs no line here. Dates agree with each other: born before registered,
// registered in the book's year and in order.
#ifndef HOTICH_SAMPLES_STORY_H_
#define HOTICH_SAMPLES_STORY_H_

#include <map>
#include <string>
#include <vector>

#include "hotich/v1/form.pb.h"
#include "samples/random.h"
#include "samples/spoken.h"
#include "samples/words.h"

namespace hotich::samples {

struct FieldText {
  std::string literal;  // as it stands in the book; "" = left blank
  std::string
      value;  // what it means in import form ("05.06.1999", "1", "Kinh"); "" where there is none
};

struct EntryStory {
  int number = 0;
  std::map<std::string, FieldText> fields;  // by zone name; pictures are absent
  std::string stamp;                        // "ĐĂNG KÝ QUÁ HẠN" ..., "" = none
};

struct BookStory {
  std::string place;    // "UBND xã An Bình, huyện Mẫu, tỉnh Mẫu"
  std::string commune;  // "xã An Bình"
  int year = 2000;
  std::string number;  // of the book: "01"
  std::string officer;
  std::vector<EntryStory> entries;
};

BookStory InventBook(const v1::FormTemplate& form, int entries, const Words& words,
                     const Random& random);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_STORY_H_
