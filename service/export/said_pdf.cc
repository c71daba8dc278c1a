#include "service/export/said_pdf.h"

#include <map>
#include <utility>

#include "base/status.h"
#include "pdf/pdf.h"
#include "service/naming.h"
#include "service/pdf_info.h"

namespace hotich::service {
namespace {

// Fine enough for the boxes of text.
constexpr double kTextDpi = 300;

// The entry with a person's literals in place of the machine's.
v1::Entry WithSaid(v1::Entry entry, const std::vector<v1::FieldValue>& said) {
  std::map<std::string, v1::FieldReading*> readings;
  for (v1::FieldReading& reading : *entry.mutable_fields()) {
    reading.clear_literal();
    readings.emplace(reading.name(), &reading);
  }
  std::vector<v1::FieldValue> elsewhere;
  for (const v1::FieldValue& field : said) {
    const auto found = readings.find(field.name());
    if (found != readings.end()) {
      found->second->set_literal(field.literal());
    } else {
      elsewhere.push_back(field);
    }
    if (SaysNumber(field)) entry.set_number(field.value());
  }
  for (const v1::FieldValue& field : elsewhere) {
    v1::FieldReading& reading = *entry.add_fields();
    reading.set_name(field.name());
    reading.set_literal(field.literal());
  }
  return entry;
}

}  // namespace

absl::StatusOr<SaidPdf> MakeSaidPdf(store::Store& store, const v1::Book& book,
                                    const SaidEntry& said, const v1::PdfSettings& settings) {
  if (said.entry.pdf_sha256().empty()) return absl::NotFoundError("the entry has no PDF");
  HOTICH_ASSIGN_OR_RETURN(std::string stored, store.GetPicture(said.entry.pdf_sha256()));
  const pdf::PdfInfo info =
      PdfInfoOf(book, said.capture, WithSaid(said.entry, said.fields), said.pages, kTextDpi);
  absl::StatusOr<std::string> with_said = pdf::WithInfo(stored, info, kTextDpi);
  if (!with_said.ok()) return SaidPdf{.bytes = std::move(stored)};
  HOTICH_ASSIGN_OR_RETURN(const int limit, pdf::LimitOf(*with_said, settings));
  if (with_said->size() > static_cast<size_t>(limit) && *with_said != stored) {
    return SaidPdf{.bytes = std::move(stored), .text_as_read = true};
  }
  return SaidPdf{.bytes = *std::move(with_said)};
}

}  // namespace hotich::service
