// An .xlsx file is a zip of XML (ECMA-376 part 1): workbook.xml names the sheets, sharedStrings.xml
// holds the texts, styles.xml tells which numbers are dates. Only that is read; formulas count by
// the result Excel stored. pugixml expands no entities and follows no links, so a hostile file can
// do no more than be refused.
#include <chrono>
#include <cmath>
#include <pugixml.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "base/status.h"
#include "service/export/archive.h"
#include "service/export/sheet_rows.h"

namespace hotich::service {
namespace {

// A sheet of 10,000 rows of 70 columns has some 40 MB of XML.
constexpr uint64_t kMaxXmlBytes = 256 << 20;
// Excel counts days from here, but for a leap day in 1900 that never was; the sheets of civil
// registers hold no earlier day as a number.
constexpr std::chrono::sys_days kDayZero{std::chrono::year{1899} / 12 / 30};
constexpr std::chrono::days k1904System{1462};
constexpr double kLastSerialDay = 73050;  // 31 December 2099

// Programs put different prefixes before the same names.
bool Is(const pugi::xml_node& node, const char* name) {
  const std::string full = node.name();
  const size_t colon = full.find(':');
  return (colon == std::string::npos ? full : full.substr(colon + 1)) == name;
}

std::vector<pugi::xml_node> Children(const pugi::xml_node& parent, const char* name) {
  std::vector<pugi::xml_node> found;
  for (const pugi::xml_node& child : parent) {
    if (Is(child, name)) found.push_back(child);
  }
  return found;
}

pugi::xml_node Child(const pugi::xml_node& parent, const char* name) {
  const std::vector<pugi::xml_node> found = Children(parent, name);
  return found.empty() ? pugi::xml_node() : found.front();
}

struct Part {
  pugi::xml_document document;
  pugi::xml_node root() const { return document.document_element(); }
};

absl::Status ReadPart(const std::filesystem::path& path, const std::string& name, Part& part) {
  HOTICH_ASSIGN_OR_RETURN(const std::string xml, ReadArchiveMember(path, name, kMaxXmlBytes));
  const pugi::xml_parse_result result = part.document.load_buffer(xml.data(), xml.size());
  if (result) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), ": ", name, " is damaged: ", result.description()));
}

// A shared or inline text: its own <t>, or those of its runs; readings for furigana do not count.
std::string TextOf(const pugi::xml_node& item) {
  std::string text;
  for (const pugi::xml_node& child : item) {
    if (Is(child, "t")) text += child.text().get();
    if (Is(child, "r")) text += Child(child, "t").text().get();
  }
  return text;
}

bool IsDateFormat(int id, const std::string& code) {
  constexpr std::pair<int, int> kBuiltIn[] = {{14, 17}, {22, 22}, {27, 36}, {50, 58}};
  for (const auto& [first, last] : kBuiltIn) {
    if (id >= first && id <= last) return true;
  }
  char inside = '\0';  // the end of a quoted text or a bracket
  for (const char c : code) {
    if (inside != '\0') {
      if (c == inside) inside = '\0';
    } else if (c == '"') {
      inside = '"';
    } else if (c == '[') {
      inside = ']';
    } else if (c == 'd' || c == 'D' || c == 'y' || c == 'Y') {
      return true;
    }
  }
  return false;
}

struct Workbook {
  std::vector<std::string> texts;
  std::set<int> date_styles;
  bool from_1904 = false;
};

absl::StatusOr<Workbook> ReadWorkbook(const std::filesystem::path& path,
                                      const pugi::xml_node& book) {
  Workbook workbook;
  workbook.from_1904 = Child(book, "workbookPr").attribute("date1904").as_bool();
  Part texts;
  const absl::Status status = ReadPart(path, "xl/sharedStrings.xml", texts);
  if (!status.ok() && !absl::IsNotFound(status)) return status;
  for (const pugi::xml_node& item : Children(texts.root(), "si")) {
    workbook.texts.push_back(TextOf(item));
  }
  Part styles;
  const absl::Status styled = ReadPart(path, "xl/styles.xml", styles);
  if (!styled.ok() && !absl::IsNotFound(styled)) return styled;
  std::map<int, std::string> codes;
  for (const pugi::xml_node& format : Children(Child(styles.root(), "numFmts"), "numFmt")) {
    codes[format.attribute("numFmtId").as_int()] = format.attribute("formatCode").value();
  }
  int index = 0;
  for (const pugi::xml_node& style : Children(Child(styles.root(), "cellXfs"), "xf")) {
    const int id = style.attribute("numFmtId").as_int();
    if (IsDateFormat(id, codes[id])) workbook.date_styles.insert(index);
    ++index;
  }
  return workbook;
}

// Where the sheet of values lies in the archive.
absl::StatusOr<std::string> SheetPath(const std::filesystem::path& path,
                                      const pugi::xml_node& book) {
  const std::vector<pugi::xml_node> sheets = Children(Child(book, "sheets"), "sheet");
  if (sheets.empty()) return absl::InvalidArgumentError(path.string() + " has no sheet");
  pugi::xml_node sheet = sheets.front();
  for (const pugi::xml_node& one : sheets) {
    if (IsSheetOfValues(one.attribute("name").value())) sheet = one;
  }
  std::string id;
  for (const pugi::xml_attribute& attribute : sheet.attributes()) {
    if (absl::EndsWith(attribute.name(), ":id")) id = attribute.value();
  }
  Part links;
  HOTICH_RETURN_IF_ERROR(ReadPart(path, "xl/_rels/workbook.xml.rels", links));
  for (const pugi::xml_node& link : links.root()) {
    if (link.attribute("Id").value() != id) continue;
    const std::string target = link.attribute("Target").value();
    return absl::StartsWith(target, "/") ? target.substr(1) : "xl/" + target;
  }
  return absl::InvalidArgumentError(path.string() + " does not say where its sheet is");
}

std::string DayText(const Workbook& workbook, double serial) {
  auto day = kDayZero + std::chrono::days(static_cast<int>(std::floor(serial)));
  if (workbook.from_1904) day += k1904System;
  const std::chrono::year_month_day date(day);
  return DateText(static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
}

std::string NumberText(const Workbook& workbook, int style, const std::string& stored) {
  double number = 0;
  if (!absl::SimpleAtod(stored, &number)) return stored;
  if (workbook.date_styles.count(style) > 0 && number >= 1 && number <= kLastSerialDay) {
    return DayText(workbook, number);
  }
  return IntegerText(number).value_or(stored);
}

std::string CellText(const Workbook& workbook, const pugi::xml_node& cell) {
  const std::string type = cell.attribute("t").value();
  std::string stored = Child(cell, "v").text().get();
  if (type == "inlineStr") return TextOf(Child(cell, "is"));
  if (type == "s") {
    int index = -1;
    const bool known = absl::SimpleAtoi(stored, &index) && index >= 0 &&
                       index < static_cast<int>(workbook.texts.size());
    return known ? workbook.texts[index] : "";
  }
  if (type.empty() || type == "n") {
    return NumberText(workbook, cell.attribute("s").as_int(), stored);
  }
  return stored;
}

// "BC7" -> 54; the cell after the one before when it says nothing.
int ColumnOf(const pugi::xml_node& cell, int before) {
  int column = 0;
  for (const char c : std::string(cell.attribute("r").value())) {
    if (c < 'A' || c > 'Z' || column > (1 << 20)) break;
    column = column * 26 + (c - 'A' + 1);
  }
  return column > 0 ? column - 1 : before + 1;
}

std::map<int, std::string> TextsOfRow(const Workbook& workbook, const pugi::xml_node& row) {
  std::map<int, std::string> texts;
  int column = -1;
  for (const pugi::xml_node& cell : Children(row, "c")) {
    column = ColumnOf(cell, column);
    texts[column] = CellText(workbook, cell);
  }
  return texts;
}

}  // namespace

absl::StatusOr<std::vector<SheetRow>> ReadXlsx(const std::filesystem::path& path) {
  Part book;
  const absl::Status opened = ReadPart(path, "xl/workbook.xml", book);
  if (!opened.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), " is no Excel file (", std::string(opened.message()), ")"));
  }
  HOTICH_ASSIGN_OR_RETURN(const Workbook workbook, ReadWorkbook(path, book.root()));
  HOTICH_ASSIGN_OR_RETURN(const std::string sheet_path, SheetPath(path, book.root()));
  Part sheet;
  HOTICH_RETURN_IF_ERROR(ReadPart(path, sheet_path, sheet));
  std::vector<SheetRow> rows;
  int number = 0;
  for (const pugi::xml_node& row : Children(Child(sheet.root(), "sheetData"), "row")) {
    number = row.attribute("r").as_int(number + 1);
    rows.push_back({.number = number, .texts = TextsOfRow(workbook, row)});
  }
  return rows;
}

}  // namespace hotich::service
