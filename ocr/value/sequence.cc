// The numbers of a book, walked once in the order of the book. Unread entries may hold missing
// numbers, so a gap counts only for what they cannot explain.
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "ocr/value/calendar.h"
#include "ocr/value/value.h"

namespace hotich::value {
namespace {

v1::Warning MakeWarning(const std::string& code, const std::string& message) {
  v1::Warning warning;
  warning.set_code(code);
  warning.set_message(message);
  return warning;
}

// Where the walk stands: the last number read, and the entries since that could not be read.
struct Walk {
  int year = 0;
  int last = 0;
  int unread = 0;
};

std::string Missing(const Walk& walk, const EntryNumber& next, int missing) {
  const int first = walk.last + 1, last = next.number - 1;
  const std::string from = FormatEntryNumber({.number = first, .year = next.year});
  const std::string to = FormatEntryNumber({.number = last, .year = next.year});
  const std::string unread =
      walk.unread == 0 ? "" : absl::StrCat(" (", walk.unread, " unread entries stand there)");
  return absl::StrCat(
      first == last ? absl::StrCat("number ", from) : absl::StrCat("numbers ", from, " to ", to),
      ": ", missing, missing == 1 ? " is" : " are", " missing before ", FormatEntryNumber(next),
      unread, "; look for pages that were not scanned");
}

}  // namespace

std::vector<v1::Warning> CheckSequence(const v1::Book& book,
                                       const std::vector<v1::Entry>& entries) {
  std::vector<v1::Warning> warnings;
  const auto warn = [&](const std::vector<std::string>& entry_ids, const std::string& code,
                        const std::string& message) {
    v1::Warning& warning = warnings.emplace_back(MakeWarning(code, message));
    for (const std::string& entry_id : entry_ids) warning.add_entry_ids(entry_id);
  };
  const int last_year = LastYearOf(book);
  // The first book of a year starts at 1; later ones continue it.
  const std::optional<EntryNumber> book_number = ParseEntryNumber(book.number(), last_year);
  const bool continues = !book_number || book_number->number != 1;
  std::map<std::string, std::string> seen;  // number to entry id
  Walk walk{.year = book.first_year()};
  bool first = true;
  for (const v1::Entry& entry : entries) {
    std::optional<EntryNumber> number = ParseEntryNumber(entry.number(), last_year);
    if (!number) {
      ++walk.unread;
      warn({entry.entry_id()}, "number_unread",
           absl::StrCat("entry ", entry.entry_id(), ": its number is not read; key it by hand"));
      continue;
    }
    if (number->year == 0) {
      // A bare 1 after other numbers begins the next year, where the book has one.
      const bool restarts = number->number == 1 && walk.last > 1 && walk.year < last_year;
      number->year = restarts ? walk.year + 1 : walk.year;
    }
    const std::string text = FormatEntryNumber(*number);
    if (number->year != 0 && book.first_year() != 0 &&
        (number->year < book.first_year() || number->year > last_year)) {
      warn({entry.entry_id()}, "number_year",
           absl::StrCat(text, ": the year is not one of the book's"));
      continue;
    }
    if (number->year > walk.year) walk = {.year = number->year, .unread = walk.unread};
    const auto [at, is_new] = seen.emplace(text, entry.entry_id());
    if (!is_new) {
      warn(
          {at->second, entry.entry_id()}, "number_twice",
          absl::StrCat(text, ": entries ", at->second, " and ", entry.entry_id(), " both have it"));
    } else if (number->year < walk.year || number->number < walk.last) {
      warn({entry.entry_id()}, "number_backwards",
           absl::StrCat(text,
                        ": stands after a later number; check the order of"
                        " the pages"));
    } else {
      const int missing = number->number - walk.last - 1 - walk.unread;
      if (missing > 0 && !(first && continues)) {
        warn({entry.entry_id()}, "number_gap", Missing(walk, *number, missing));
      }
      walk = {.year = number->year, .last = number->number};
      first = false;
    }
  }
  return warnings;
}

}  // namespace hotich::value
