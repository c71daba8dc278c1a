#include "service/export/lines.h"

#include <nlohmann/json.hpp>

#include "base/status.h"

namespace hotich::service {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kManifestFormat = "hotich-package-1";

// HAND_HANDWRITTEN -> handwritten: what comes after the enumeration's own name.
std::string WordOf(const std::string& name) {
  std::string word = name.substr(name.find('_') + 1);
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

Json FieldJson(const v1::FieldReading& reading, const v1::FieldValue& said) {
  Json candidates = Json::array();
  for (const v1::Candidate& candidate : reading.candidates()) {
    candidates.push_back({{"text", candidate.text()}, {"confidence", candidate.confidence()}});
  }
  Json region = Json::array();
  for (const v1::Point& point : reading.region().points()) {
    region.push_back({point.x(), point.y()});
  }
  Json json = {{"candidates", candidates},
               {"literal", said.literal()},
               {"value", said.value()},
               {"hand", WordOf(v1::Hand_Name(reading.hand()))},
               {"region", region}};
  if (reading.strike() == v1::STRIKE_PART || reading.strike() == v1::STRIKE_ALL) {
    json["strike"] = WordOf(v1::Strike_Name(reading.strike()));
  }
  return json;
}

// Bytes that are no UTF-8 must not end an export; they become U+FFFD.
std::string Dump(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string EntryLine(const SaidEntry& said) {
  Json fields = Json::object();
  for (const v1::FieldReading& reading : said.entry.fields()) {
    for (const v1::FieldValue& value : said.fields) {
      if (value.name() == reading.name()) fields[reading.name()] = FieldJson(reading, value);
    }
  }
  return Dump({{"entry", said.entry.entry_id()},
               {"capture", said.capture.source()},
               {"number", said.entry.number()},
               {"fields", fields}}) +
         "\n";
}

std::string FindingLine(const Finding& finding) {
  return Dump({{"severity", finding.severity == Severity::kError ? "error" : "note"},
               {"code", finding.code},
               {"entry", finding.entry_id},
               {"number", finding.number},
               {"message", finding.message}}) +
         "\n";
}

std::string ReportText(const std::string& what, const ExportReport& report) {
  std::string text =
      absl::StrCat(what, ": ", report.entries, " trường hợp, ", report.errors, " lỗi.\n");
  for (const Severity severity : {Severity::kError, Severity::kNote}) {
    const char* head = severity == Severity::kError ? "\nLỗi phải sửa:\n" : "\nGhi chú:\n";
    for (const Finding& finding : report.findings) {
      if (finding.severity != severity) continue;
      const std::string of_entry =
          finding.number.empty()
              ? absl::StrCat("Trường hợp chưa có số (",
                             finding.place.empty() ? finding.entry_id : finding.place, ")")
              : absl::StrCat("Số ", finding.number);
      absl::StrAppend(&text, std::exchange(head, ""),
                      finding.entry_id.empty() ? "Cả quyển" : of_entry, ": ", finding.message,
                      "\n");
    }
  }
  return text;
}

std::string ManifestText(const std::string& name, int entries, int errors,
                         const std::vector<ManifestFile>& files) {
  Json list = Json::array();
  for (const ManifestFile& file : files) {
    list.push_back({{"path", file.path}, {"sha256", file.sha256}});
  }
  return Dump({{"format", kManifestFormat},
               {"package", name},
               {"entries", entries},
               {"errors", errors},
               {"files", list}},
              1) +
         "\n";
}

absl::StatusOr<Manifest> ParseManifest(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("format", Json()) != kManifestFormat ||
      !json.contains("files") || !json["files"].is_array()) {
    return absl::InvalidArgumentError("the manifest is not one of a hotich package");
  }
  Manifest manifest;
  const Json errors = json.value("errors", Json());
  if (errors.is_number_integer()) manifest.errors = errors.get<int>();
  for (const Json& file : json["files"]) {
    if (!file.is_object() || !file.contains("path") || !file["path"].is_string() ||
        !file.contains("sha256") || !file["sha256"].is_string()) {
      return absl::InvalidArgumentError("the manifest has a file without path or sha256");
    }
    manifest.files.push_back({file["path"].get<std::string>(), file["sha256"].get<std::string>()});
  }
  return manifest;
}

}  // namespace hotich::service
