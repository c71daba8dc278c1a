// The package is put together in a folder beside its place and moved there in one step (Workshop),
// the manifest last. A folder without a right manifest is therefore never a package, whatever
// broke.
#include "service/export/export.h"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include "absl/strings/match.h"
#include "base/file.h"
#include "base/status.h"
#include "service/export/archive.h"
#include "service/export/check.h"
#include "service/export/excel.h"
#include "service/export/lines.h"
#include "service/export/rows.h"
#include "service/export/said_pdf.h"
#include "service/export/workshop.h"

namespace hotich::service {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";

int CountErrors(const std::vector<Finding>& findings) {
  return static_cast<int>(
      std::count_if(findings.begin(), findings.end(),
                    [](const Finding& finding) { return finding.severity == Severity::kError; }));
}

// The PDF of each row, in memory: 10 MB for 100 entries.
struct Pdfs {
  std::vector<ArchiveMember> members;
  std::vector<Finding> findings;
};

// A row without a readable one loses its path, so that the zip holds only what is right.
absl::StatusOr<Pdfs> MakePdfs(store::Store& store, const v1::Book& book, const SaidBook& said,
                              BookRows& rows, const ExportOptions& options) {
  Pdfs pdfs;
  const int all = static_cast<int>(rows.rows.size());
  for (int i = 0; i < all; ++i) {
    if (options.stop.stop_requested()) return absl::CancelledError("the export was stopped");
    Row& row = rows.rows[i];
    absl::StatusOr<SaidPdf> pdf = MakeSaidPdf(store, book, said.entries[i], options.pdf);
    const std::vector<Finding> of_row = CheckPdf(row, pdf, options.pdf);
    pdfs.findings.insert(pdfs.findings.end(), of_row.begin(), of_row.end());
    if (pdf.ok()) {
      pdfs.members.push_back({row.pdf_path, std::move(pdf->bytes)});
    } else {
      row.pdf_path.clear();
    }
    if (options.progress) options.progress(i + 1, all);
  }
  return pdfs;
}

absl::StatusOr<ManifestFile> Hashed(const fs::path& folder, const std::string& name) {
  HOTICH_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(folder / name));
  return ManifestFile{name, Sha256Hex(bytes)};
}

absl::Status WriteFiles(const fs::path& folder, const BookRows& rows,
                        const std::vector<ArchiveMember>& pdfs, const ExportReport& report) {
  const std::string excel = rows.name + ".xlsx", zip = rows.name + ".zip";
  const std::string findings = rows.name + ".bao-cao.jsonl", told = rows.name + ".bao-cao.txt";
  std::string lines;
  for (const Finding& finding : report.findings) lines += FindingLine(finding);
  HOTICH_RETURN_IF_ERROR(WriteFileDurably(folder / findings, lines));
  HOTICH_RETURN_IF_ERROR(
      WriteFileDurably(folder / told, ReportText(absl::StrCat("Gói ", rows.name), report)));
  HOTICH_RETURN_IF_ERROR(WriteExcel(folder / excel, rows));
  std::vector<ManifestFile> files;
  std::vector<std::string> names = {excel, findings, told};
  if (!pdfs.empty()) {  // libzip cannot write an empty one
    HOTICH_RETURN_IF_ERROR(WriteArchive(folder / zip, pdfs));
    names.push_back(zip);
  }
  for (const std::string& name : names) {
    HOTICH_RETURN_IF_ERROR(KeepFromOthers(folder / name));
    HOTICH_ASSIGN_OR_RETURN(ManifestFile file, Hashed(folder, name));
    files.push_back(std::move(file));
  }
  for (const ArchiveMember& pdf : pdfs) {
    files.push_back({zip + "/" + pdf.name, Sha256Hex(pdf.bytes)});
  }
  return WriteFileDurably(folder / kManifest,
                          ManifestText(rows.name, report.entries, report.errors, files));
}

// The same manifest names the same bytes.
bool IsThereAlready(const fs::path& target, const fs::path& made) {
  const auto old_manifest = ReadFile(target / kManifest);
  const auto new_manifest = ReadFile(made / kManifest);
  if (!old_manifest.ok() || !new_manifest.ok() || *old_manifest != *new_manifest) return false;
  const auto check = VerifyPackage(target);
  return check.ok() && check->problems.empty();
}

absl::StatusOr<ExportReport> WritePackage(store::Store& store, const v1::Book& book,
                                          const SaidBook& said, const ExportOptions& options) {
  BookRows rows = MakeRows(book, said, options.names);
  ExportReport report{.entries = static_cast<int>(rows.rows.size()),
                      .findings = CheckRows(book, rows, options.stage)};
  HOTICH_ASSIGN_OR_RETURN(const Pdfs pdfs, MakePdfs(store, book, said, rows, options));
  report.findings.insert(report.findings.end(), pdfs.findings.begin(), pdfs.findings.end());
  report.errors = CountErrors(report.findings);
  const fs::path target = options.out / rows.folder / rows.name;
  if (report.errors > 0 && options.on_errors == OnErrors::kRefuse) {
    std::error_code error;
    report.older_is_there = fs::exists(target, error);
    return report;
  }

  HOTICH_ASSIGN_OR_RETURN(Workshop workshop, Workshop::Open(target));
  HOTICH_RETURN_IF_ERROR(WriteFiles(workshop.path(), rows, pdfs.members, report));
  if (!IsThereAlready(target, workshop.path())) HOTICH_RETURN_IF_ERROR(workshop.Finish());
  report.path = target;
  return report;
}

absl::StatusOr<ExportReport> WriteLines(const v1::Book& book, const SaidBook& said,
                                        const ExportOptions& options) {
  std::string lines;
  for (const SaidEntry& entry : said.entries) {
    if (options.stop.stop_requested()) return absl::CancelledError("the export was stopped");
    lines += EntryLine(entry);
  }
  ExportReport report{.path = options.out / (book.book_id() + ".jsonl"),
                      .entries = static_cast<int>(said.entries.size()),
                      .findings = said.left_out};
  report.errors = CountErrors(report.findings);
  HOTICH_RETURN_IF_ERROR(WriteFileDurably(report.path, lines));
  return report;
}

// "KS.zip/a/b.pdf" -> "KS.zip" and "a/b.pdf"; a file of the folder has no second part.
std::pair<std::string, std::string> SplitZip(const std::string& path) {
  const size_t slash = path.find('/');
  if (slash == std::string::npos) return {path, ""};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

// What the manifest says of one zip, against what is in it.
void CompareZip(const fs::path& zip, const std::map<std::string, std::string>& expected,
                std::vector<std::string>& problems) {
  const auto members = HashArchive(zip);
  const std::string name = zip.filename().string();
  if (!members.ok()) {
    problems.push_back(absl::StrCat(name, ": tệp zip đã hỏng hoặc bị cắt ngắn, không mở được"));
    return;
  }
  for (const auto& [member, sha256] : expected) {
    const auto found = members->find(member);
    if (found == members->end()) {
      problems.push_back(absl::StrCat(name, "/", member, ": thiếu tệp"));
    } else if (found->second != sha256) {
      problems.push_back(absl::StrCat(name, "/", member, ": nội dung đã bị thay đổi"));
    }
  }
  for (const auto& [member, sha256] : *members) {
    if (expected.count(member) == 0) {
      problems.push_back(absl::StrCat(name, "/", member, ": tệp lạ, không có trong danh sách"));
    }
  }
}

}  // namespace

absl::StatusOr<ExportReport> ExportBook(store::Store& store, const v1::Book& book,
                                        const ExportOptions& options) {
  HOTICH_ASSIGN_OR_RETURN(const SaidBook said, ReadSaid(store, book, options.stage));
  auto report = options.format == ExportFormat::kPackage ? WritePackage(store, book, said, options)
                                                         : WriteLines(book, said, options);
  if (!report.ok()) return Annotate(report.status(), absl::StrCat("book ", book.book_id()));
  return report;
}

absl::StatusOr<PackageCheck> VerifyPackage(const fs::path& package) {
  HOTICH_ASSIGN_OR_RETURN(const std::string text, ReadFile(package / kManifest));
  HOTICH_ASSIGN_OR_RETURN(const Manifest manifest, ParseManifest(text));
  PackageCheck check{.files = static_cast<int>(manifest.files.size()), .errors = manifest.errors};
  std::set<std::string> known = {kManifest};
  std::map<std::string, std::map<std::string, std::string>> zips;
  for (const ManifestFile& file : manifest.files) {
    const auto [name, member] = SplitZip(file.path);
    if (name.empty() || name == "..") {
      return absl::InvalidArgumentError("the manifest names a file outside of the package");
    }
    known.insert(name);
    if (!member.empty()) {
      zips[name][member] = file.sha256;
      continue;
    }
    const auto bytes = ReadFile(package / name);
    if (!bytes.ok()) {
      check.problems.push_back(name + ": thiếu tệp");
    } else if (Sha256Hex(*bytes) != file.sha256) {
      check.problems.push_back(name + ": nội dung đã bị thay đổi");
    }
  }
  for (const auto& [name, members] : zips) CompareZip(package / name, members, check.problems);
  std::error_code error;
  for (fs::directory_iterator at(package, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (known.count(name) == 0)
      check.problems.push_back(name + ": tệp lạ, không có trong danh sách");
  }
  if (error) check.problems.push_back(absl::StrCat("không đọc được thư mục: ", error.message()));
  return check;
}

}  // namespace hotich::service
