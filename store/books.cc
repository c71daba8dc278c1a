#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/file.h"
#include "base/text.h"
#include "store/book_years.h"
#include "store/convert.h"
#include "store/refusal.h"
#include "store/rows.h"
#include "store/sql_store.h"

namespace hotich::store {
namespace {

const char* KindSlug(v1::BookKind kind) {
  switch (kind) {
    case v1::BOOK_KIND_KS:
      return "ks";
    case v1::BOOK_KIND_KH:
      return "kh";
    case v1::BOOK_KIND_KT:
      return "kt";
    case v1::BOOK_KIND_CMC:
      return "cmc";
    case v1::BOOK_KIND_NCN:
      return "ncn";
    case v1::BOOK_KIND_GH:
      return "gh";
    case v1::BOOK_KIND_TDCC:
      return "tdcc";
    case v1::BOOK_KIND_HN:
      return "hn";
    default:
      return "";
  }
}

std::string Slug(const std::string& text) {
  std::string slug;
  for (const char c : FoldVietnamese(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) slug += c;
  }
  return slug;
}

// "ks-1995-01-3f9c21aa": what a person sees first, and a hash of the whole key, for places differ.
std::string BookId(const v1::Book& book) {
  constexpr size_t kHashDigits = 8;
  const std::string hash =
      HashOf({book.place(), absl::StrCat(static_cast<int>(book.kind())),
              absl::StrCat(book.first_year()), absl::StrCat(book.last_year()), book.number()});
  return absl::StrCat(KindSlug(book.kind()), "-", book.first_year(), "-", Slug(book.number()), "-",
                      hash.substr(0, kHashDigits));
}

// What stands on a cover, in lists and in names of files.
absl::Status CheckText(const char* what, const std::string& text) {
  constexpr size_t kMaxBytes = 500;
  if (IsBlank(text)) return Refuse(Reason::kBadBook, absl::StrCat("a book needs its ", what));
  if (text.size() > kMaxBytes) {
    return Refuse(Reason::kBadBook, absl::StrCat("a book's ", what, " has at most ", kMaxBytes,
                                                 " bytes, this one ", text.size()));
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return absl::ascii_iscntrl(c); })) {
    return Refuse(Reason::kBadBook, absl::StrCat("a book's ", what, " is one line of text"));
  }
  return absl::OkStatus();
}

// With its texts in one spelling and its id: a blank more is no other place, nor "０１" another
// number.
absl::StatusOr<v1::Book> Completed(const v1::Book& given) {
  v1::Book book = given;
  book.clear_create_time();
  book.set_place(Tidy(book.place()));
  book.set_number(Tidy(book.number()));
  if (book.last_year() == 0) book.set_last_year(book.first_year());
  if (book.form().empty()) book.set_form("auto");
  if (*KindSlug(book.kind()) == '\0') {
    return Refuse(Reason::kBadBook, "a book needs its kind: KS, KH, KT, CMC, NCN, GH, TDCC or HN");
  }
  HOTICH_RETURN_IF_ERROR(CheckText("place", book.place()));
  HOTICH_RETURN_IF_ERROR(CheckText("number", book.number()));
  if (book.first_year() < kFirstBookYear || book.last_year() < book.first_year() ||
      book.last_year() > kLastBookYear) {
    return Refuse(Reason::kBadBook,
                  absl::StrCat("a book cannot be of ", book.first_year(), " to ", book.last_year(),
                               "; years run from ", kFirstBookYear, " to ", kLastBookYear));
  }
  book.set_book_id(BookId(book));
  return book;
}

bool SameProperties(const v1::Book& a, const v1::Book& b) {
  return a.form() == b.form() && a.has_closing_note() == b.has_closing_note() &&
         a.closing_note().pages() == b.closing_note().pages() &&
         a.closing_note().entries() == b.closing_note().entries();
}

absl::Status Insert(const Change& change, const v1::Book& book) {
  return change.db
      .Execute(
          "INSERT INTO books (book_id, kind, place, first_year, last_year, number, form, closed, "
          "closing_pages, closing_entries, create_time) VALUES (:book_id, :kind, :place, "
          ":first_year, :last_year, :number, :form, :closed, :pages, :entries, :create_time)",
          {{"book_id", book.book_id()},
           {"kind", book.kind()},
           {"place", book.place()},
           {"first_year", book.first_year()},
           {"last_year", book.last_year()},
           {"number", book.number()},
           {"form", book.form()},
           {"closed", book.has_closing_note()},
           {"pages", book.closing_note().pages()},
           {"entries", book.closing_note().entries()},
           {"create_time", Micros(change.now)}})
      .status();
}

}  // namespace

absl::StatusOr<std::vector<v1::Book>> LoadBooks(Connection& db, const std::string& where,
                                                const Bounds& bounds) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto rows,
      (db.Query<std::string, v1::BookKind, std::string, int, int, std::string, std::string, bool,
                int, int, int64_t>(
          absl::StrCat("SELECT book_id, kind, place, first_year, last_year, number, form, closed, "
                       "closing_pages, closing_entries, create_time FROM books WHERE ",
                       where, " ORDER BY kind, first_year, last_year, number, place"),
          bounds)));
  std::vector<v1::Book> books;
  for (const auto& [book_id, kind, place, first_year, last_year, number, form, closed, pages,
                    entries, create_time] : rows) {
    v1::Book& book = books.emplace_back();
    book.set_book_id(book_id);
    book.set_kind(kind);
    book.set_place(place);
    book.set_first_year(first_year);
    book.set_last_year(last_year);
    book.set_number(number);
    book.set_form(form);
    if (closed) {
      book.mutable_closing_note()->set_pages(pages);
      book.mutable_closing_note()->set_entries(entries);
    }
    *book.mutable_create_time() = TimestampOfMicros(create_time);
  }
  return books;
}

absl::Status CheckBook(const v1::Book& book) { return Completed(book).status(); }

absl::StatusOr<v1::Book> LoadBook(Connection& db, const std::string& book_id) {
  HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Book> books,
                          LoadBooks(db, "book_id = :book_id", {{"book_id", book_id}}));
  if (books.empty()) {
    return Refuse(Reason::kNoBook,
                  absl::StrCat("there is no book \"", book_id, "\"; list the books for their ids"));
  }
  return books.front();
}

absl::StatusOr<v1::Book> SqlStore::AddBook(const Actor& actor, const v1::Book& given) {
  HOTICH_ASSIGN_OR_RETURN(const v1::Book book, Completed(given));
  const Request request = {
      .actor = actor, .verb = verb::kAddBook, .content_sha256 = HashOfMessage(book)};
  HOTICH_ASSIGN_OR_RETURN(
      const std::string book_id,
      Once(request, [&](const Change& change) -> absl::StatusOr<std::string> {
        HOTICH_ASSIGN_OR_RETURN(
            const std::vector<v1::Book> known,
            LoadBooks(change.db, "book_id = :book_id", {{"book_id", book.book_id()}}));
        if (!known.empty()) {
          if (SameProperties(known.front(), book)) return book.book_id();
          return Refuse(
              Reason::kBookExists,
              absl::StrCat("book ", book.book_id(), " is there already, with form \"",
                           known.front().form(), "\" or another closing note; use it as it is"));
        }
        HOTICH_RETURN_IF_ERROR(Insert(change, book));
        HOTICH_RETURN_IF_ERROR(
            Note(change,
                 {.verb = verb::kAddBook, .subject = book.book_id(), .book_id = book.book_id()}));
        return book.book_id();
      }));
  return Read<v1::Book>([&](Connection& db) { return LoadBook(db, book_id); });
}

absl::StatusOr<v1::Book> SqlStore::GetBook(const std::string& book_id) {
  return Read<v1::Book>([&](Connection& db) -> absl::StatusOr<v1::Book> {
    HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::Book> books,
                            LoadBooks(db, "substr(book_id, 1, length(:beginning)) = :beginning",
                                      {{"beginning", book_id}}));
    for (const v1::Book& book : books) {
      if (book.book_id() == book_id) return book;
    }
    if (book_id.empty() || books.empty()) return LoadBook(db, book_id);
    if (books.size() == 1) return books.front();
    return Refuse(Reason::kSeveralBooks,
                  absl::StrCat(books.size(), " books begin with \"", book_id,
                               "\": ", books[0].book_id(), ", ", books[1].book_id(),
                               books.size() > 2 ? " ..." : "", "; give more of the id"));
  });
}

absl::StatusOr<std::vector<v1::Book>> SqlStore::ListBooks() {
  return Read<std::vector<v1::Book>>([](Connection& db) { return LoadBooks(db, "1 = 1", {}); });
}

}  // namespace hotich::store
