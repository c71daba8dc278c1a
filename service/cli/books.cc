// book add/list/show. What `book verify` finds stands in verify.cc.
#include <cstdio>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "service/cli/cli.h"
#include "service/kinds.h"
#include "service/words/words.h"
#include "store/refusal.h"
#include "store/standing.h"

namespace hotich::cli {
namespace {

Json BookJson(const v1::Book& book) {
  Json json = {{"book", book.book_id()},
               {"kind", service::KindCode(book.kind())},
               {"place", book.place()},
               {"first_year", book.first_year()},
               {"last_year", book.last_year()},
               {"number", book.number()},
               {"form", book.form()}};
  if (book.has_closing_note()) {
    json["closing_note"] = {{"pages", book.closing_note().pages()},
                            {"entries", book.closing_note().entries()}};
  }
  return json;
}

struct AddOptions {
  std::string kind;
  std::string place;
  std::string years;
  std::string number;
  std::string form = "auto";
  int closing_pages = 0;
  int closing_entries = 0;
};

// "1999" or "1999-2001".
bool ParseYears(const std::string& years, v1::Book& book) {
  int first = 0;
  int last = 0;
  char rest = 0;
  const int fields = std::sscanf(years.c_str(), "%4d-%4d%c", &first, &last, &rest);
  if (fields == 1 && years.size() == 4) last = first;
  if (last == 0 || fields > 2) return false;
  book.set_first_year(first);
  book.set_last_year(last);
  return true;
}

absl::StatusOr<v1::Book> BookOf(const AddOptions& options, const Context& context) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::FormTemplate> forms,
                          service::LoadStationForms(context.station));
  v1::Book book;
  const std::optional<v1::BookKind> kind = service::KindOfCode(options.kind);
  if (!kind.has_value()) {
    return store::Refuse(
        store::Reason::kBadBook,
        absl::StrCat("\"", options.kind, "\" is no kind of book: KS KH KT CMC NCN GH TDCC HN"));
  }
  book.set_kind(*kind);
  if (!ParseYears(options.years, book)) {
    return store::Refuse(
        store::Reason::kBadBook,
        absl::StrCat("\"", options.years, "\" is no year or range of years such as 1999-2001"));
  }
  const bool known =
      options.form == "auto" ||
      std::any_of(forms.begin(), forms.end(), [&](auto& f) { return f.name() == options.form; });
  if (!known) {
    return store::Refuse(store::Reason::kBadBook,
                         absl::StrCat("there is no form \"", options.form, "\""));
  }
  book.set_place(options.place);
  book.set_number(options.number);
  book.set_form(options.form);
  if (options.closing_pages > 0 || options.closing_entries > 0) {
    book.mutable_closing_note()->set_pages(options.closing_pages);
    book.mutable_closing_note()->set_entries(options.closing_entries);
  }
  HOTICH_RETURN_IF_ERROR(store::CheckBook(book));
  return book;
}

void Add(Context& context, const AddOptions& options) {
  const absl::StatusOr<v1::Book> wanted = BookOf(options, context);
  if (!wanted.ok()) return Fail(context, wanted.status(), kBadUsage);
  std::optional<service::Station> station = BeginStation(context);
  if (!station.has_value()) return;
  const absl::StatusOr<v1::Book> book = station->store->AddBook({}, *wanted);
  if (!book.ok()) return Fail(context, book.status());
  PrintLine(BookJson(*book));
}

void List(Context& context) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const absl::StatusOr<std::vector<v1::Book>> books = station->store->ListBooks();
  if (!books.ok()) return Fail(context, books.status());
  for (const v1::Book& book : *books) PrintLine(BookJson(book));
}

Json CaptureJson(const v1::CaptureView& view) {
  Json json = {
      {"capture", view.capture().capture_id()},
      {"position", view.capture().position()},
      {"source", view.capture().source()},
      {"state", v1::CaptureState_Name(view.capture().state()).substr(sizeof("CAPTURE_STATE_") - 1)},
      {"pages", view.pages_size()},
      {"entries", Json::array()},
      {"warnings", Json::array()}};
  for (const v1::EntryOutline& entry : view.entries()) {
    json["entries"].push_back(
        {{"entry", entry.entry_id()},
         {"number", entry.number()},
         {"state", v1::EntryState_Name(entry.state()).substr(sizeof("ENTRY_STATE_") - 1)}});
  }
  for (const v1::Warning& warning : view.warnings()) json["warnings"].push_back(warning.code());
  if (view.adjustment().no_entries()) json["no_entries"] = true;
  if (!view.capture().error().empty()) json["error"] = view.capture().error();
  return json;
}

void Show(Context& context, const std::string& book_id) {
  const std::optional<OpenedBook> opened = OpenBook(context, book_id);
  if (!opened.has_value()) return;
  PrintLine(BookJson(opened->book));
  for (const v1::CaptureView& stored : opened->captures) {
    const v1::CaptureView view = store::WithStandingWarnings(*opened->station.store, stored);
    PrintLine(CaptureJson(view));
    if (view.capture().state() == v1::CAPTURE_STATE_FAILED) {
      v1::Warning failed;
      failed.set_code("capture_failed");
      std::cerr << "ảnh " << view.capture().position() << " (" << view.capture().capture_id()
                << "): " << words::WarningText(failed) << std::endl;
    }
    for (const v1::Warning& warning : view.warnings()) {
      std::cerr << "ảnh " << view.capture().position() << " (" << view.capture().capture_id()
                << "): " << words::WarningLine(warning) << std::endl;
    }
  }
}

}  // namespace

// Captures of the whole book, whatever its size.
absl::StatusOr<std::vector<v1::CaptureView>> AllCaptures(store::Store& store,
                                                         const std::string& book_id) {
  constexpr int kBatch = 500;
  std::vector<v1::CaptureView> all;
  while (true) {
    const int after = all.empty() ? 0 : all.back().capture().position();
    HOTICH_ASSIGN_OR_RETURN(std::vector<v1::CaptureView> batch,
                            store.ListCaptures(book_id, after, kBatch));
    if (batch.empty()) return all;
    for (v1::CaptureView& view : batch) all.push_back(std::move(view));
  }
}

std::optional<OpenedBook> OpenBook(Context& context, const std::string& book_id) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return std::nullopt;
  const absl::StatusOr<v1::Book> book = station->store->GetBook(book_id);
  const auto captures = book.ok() ? AllCaptures(*station->store, book->book_id()) : book.status();
  if (!captures.ok()) {
    Fail(context, captures.status());
    return std::nullopt;
  }
  return OpenedBook{.station = *std::move(station), .book = *book, .captures = *captures};
}

void AddBook(CLI::App& app, Context& context) {
  CLI::App* book = app.add_subcommand(
      "book",
      "books: add, list, show, verify; their captures: turn, no-entries, move, discard, retry");
  book->require_subcommand(1);

  auto options = std::make_shared<AddOptions>();
  CLI::App* add = book->add_subcommand("add", "open a book; an existing one is found again");
  add->footer(
      "Example: hotich book add --kind KS --years 1999 --number 01 --place 'UBND xã An Bình, huyện "
      "Mẫu, tỉnh Mẫu'");
  add->add_option("--kind", options->kind, "KS KH KT CMC NCN GH TDCC HN")->required();
  add->add_option("--place", options->place, "registering office as text")->required();
  add->add_option("--years", options->years, "1999, or 1999-2001")->required();
  add->add_option("--number", options->number, "book number as on the cover")->required();
  add->add_option("--form", options->form, "form of its pages, or auto")->capture_default_str();
  add->add_option("--closing-pages", options->closing_pages, "pages by the closing note")
      ->check(CLI::Range(0, 100'000));
  add->add_option("--closing-entries", options->closing_entries, "entries by the closing note")
      ->check(CLI::Range(0, 100'000));
  add->callback([&context, options] { Add(context, *options); });

  CLI::App* list = book->add_subcommand("list", "every book of the station");
  list->footer("Example: hotich book list");
  list->callback([&context] { List(context); });

  auto id = std::make_shared<std::string>();
  CLI::App* show = book->add_subcommand("show", "a book, its captures and entries");
  show->footer("Example: hotich book show ks-1999-01");
  show->add_option("book", *id, "book, or the beginning of its id")->required();
  show->callback([&context, id] { Show(context, *id); });

  CLI::App* verify = book->add_subcommand("verify", "is the book complete?");
  verify->footer("Example: hotich book verify ks-1999-01");
  verify->add_option("book", *id, "book, or the beginning of its id")->required();
  verify->callback([&context, id] { VerifyBook(context, *id); });

  AddCaptureVerbs(*book, context);
}

}  // namespace hotich::cli
