// book verify: is the book complete? Pages and entries against the closing note, pages captured
// twice, and the numbers of its entries in their order. A number is what a clerk handed in, where
// one did, else as the machine read it.
#include <iostream>
#include <limits>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "ocr/value/value.h"
#include "service/cli/cli.h"
#include "service/naming.h"
#include "service/neighbours.h"
#include "service/words/words.h"

namespace hotich::cli {
namespace {

struct EntriesOfBook {
  std::vector<v1::Entry> entries;  // with the numbers that people gave them
  std::vector<v1::Entry> outside;  // handed in, but their capture was taken out since
};

absl::StatusOr<EntriesOfBook> FindEntries(store::Store& store, const std::string& book_id) {
  HOTICH_ASSIGN_OR_RETURN(
      const std::vector<v1::Submission> submissions,
      store.ListSubmissions(
          book_id, {v1::ENTRY_STATE_SUBMITTED, v1::ENTRY_STATE_REJECTED, v1::ENTRY_STATE_APPROVED},
          0, std::numeric_limits<int>::max()));
  std::map<std::string, std::string> numbers;
  EntriesOfBook found;
  for (const v1::Submission& submission : submissions) {
    const v1::Entry& entry = submission.entry();
    HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, store.GetCapture(entry.capture_id()));
    if (capture.state() == v1::CAPTURE_STATE_DISCARDED) {
      if (entry.state() == v1::ENTRY_STATE_SUBMITTED) found.outside.push_back(entry);
      continue;
    }
    for (const v1::FieldValue& field : submission.fields()) {
      if (service::SaysNumber(field)) numbers[entry.entry_id()] = field.value();
    }
  }
  HOTICH_ASSIGN_OR_RETURN(found.entries, store.ListEntries(book_id));
  for (v1::Entry& entry : found.entries) {
    const auto said = numbers.find(entry.entry_id());
    if (said != numbers.end()) entry.set_number(said->second);
  }
  return found;
}

std::vector<v1::Warning> FindMissing(const v1::Book& book,
                                     const std::vector<v1::CaptureView>& captures,
                                     const EntriesOfBook& entries,
                                     const std::vector<v1::Warning>& twice) {
  std::vector<v1::Warning> findings;
  const auto find = [&](const char* code, const std::string& message) {
    v1::Warning& warning = findings.emplace_back();
    warning.set_code(code);
    warning.set_message(message);
  };
  if (captures.empty()) find("no_captures", "the book has no captures; scan it first");
  int pages = 0;
  for (const v1::CaptureView& view : captures) {
    pages += view.pages_size();
    const v1::Capture& capture = view.capture();
    if (capture.state() == v1::CAPTURE_STATE_FAILED) {
      find("capture_failed", absl::StrCat("capture ", capture.position(), ": could not be worked (",
                                          capture.error(), "); adjust it or scan it again"));
    } else if (capture.state() != v1::CAPTURE_STATE_DONE) {
      find("capture_unread",
           absl::StrCat("capture ", capture.position(), ": is not read yet; run hotich work"));
    }
  }
  const v1::ClosingNote& note = book.closing_note();
  const int found = static_cast<int>(entries.entries.size());
  if (note.pages() > 0 && note.pages() != pages) {
    find("page_count", absl::StrCat(pages, "/", note.pages(), ": ", pages,
                                    " pages are captured, the closing note says ", note.pages()));
  }
  if (note.entries() > 0 && note.entries() != found) {
    find("entry_count", absl::StrCat(found, "/", note.entries(), ": ", found,
                                     " entries are found, the closing note says ", note.entries()));
  }
  findings.insert(findings.end(), twice.begin(), twice.end());
  for (const v1::Warning& warning : value::CheckSequence(book, entries.entries)) {
    findings.push_back(warning);
  }
  for (const v1::Entry& entry : entries.outside) {
    find("handed_in_discarded",
         absl::StrCat("entry ", entry.number().empty() ? entry.entry_id() : entry.number(),
                      " on capture ", entry.capture_id(),
                      ": was handed in, but its capture was taken out of the book; reject the "
                      "entry, or move the capture back"));
    findings.back().add_entry_ids(entry.entry_id());
  }
  return findings;
}

// Where an entry is found in the book.
struct Place {
  int position = 0;  // of its capture; 0 = out of the book
  int index = 0;     // on the capture, from 1
};

std::map<std::string, Place> PlacesOf(const std::vector<v1::CaptureView>& captures,
                                      const EntriesOfBook& entries) {
  std::map<std::string, int> positions;
  for (const v1::CaptureView& view : captures) {
    positions[view.capture().capture_id()] = view.capture().position();
  }
  std::map<std::string, Place> places;
  for (const v1::Entry& entry : entries.outside) places[entry.entry_id()] = {};
  for (const v1::Entry& entry : entries.entries) {
    places[entry.entry_id()] = {.position = positions[entry.capture_id()],
                                .index = entry.index() + 1};
  }
  return places;
}

// "ảnh 3, trường hợp 2 và ảnh 5, trường hợp 1: ...".
std::string Words(const v1::Warning& finding, const std::map<std::string, Place>& places) {
  std::vector<std::string> where;
  for (const std::string& entry_id : finding.entry_ids()) {
    const Place& place = places.at(entry_id);
    if (place.position == 0) continue;
    where.push_back(words::EntryPlace(place.position, place.index));
  }
  if (where.empty()) return words::WarningLine(finding);
  // An entry that has no number yet has no other name than its place.
  const std::string what =
      finding.code() == "number_unread" ? words::WarningText(finding) : words::WarningLine(finding);
  return absl::StrCat(absl::StrJoin(where, " và "), ": ", what);
}

Json FindingJson(const v1::Warning& finding, const std::map<std::string, Place>& places) {
  Json json = {
      {"code", finding.code()}, {"message", finding.message()}, {"entries", Json::array()}};
  for (const std::string& entry_id : finding.entry_ids()) {
    json["entries"].push_back({{"entry", entry_id}, {"position", places.at(entry_id).position}});
  }
  return json;
}

}  // namespace

void VerifyBook(Context& context, const std::string& book_id) {
  const std::optional<OpenedBook> opened = OpenBook(context, book_id);
  if (!opened.has_value()) return;
  const auto& [station, book, captures] = *opened;
  const auto entries = FindEntries(*station.store, book.book_id());
  if (!entries.ok()) return Fail(context, entries.status());
  const std::vector<v1::Warning> findings =
      FindMissing(book, captures, *entries,
                  service::FindPagesTwice(*station.store, captures, station.settings.quality()));
  Json line = {{"book", book.book_id()},
               {"captures", captures.size()},
               {"entries", entries->entries.size()},
               {"complete", findings.empty()},
               {"findings", Json::array()}};
  const std::map<std::string, Place> places = PlacesOf(captures, *entries);
  for (const v1::Warning& finding : findings) {
    line["findings"].push_back(FindingJson(finding, places));
    std::cerr << Words(finding, places) << std::endl;
  }
  PrintLine(line);
  if (!findings.empty()) context.exit_status = kSomeFailed;
}

}  // namespace hotich::cli
