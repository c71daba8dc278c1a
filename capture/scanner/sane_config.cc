// SANE looks for each configuration file in the folders of $SANE_CONFIG_DIR, in order, and takes
// the first; dll.d is likewise the first such folder. An empty folder at the end of the list stands
// for SANE's own.
#include "capture/scanner/sane_config.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/run_folder.h"

namespace hotich::scanner {
namespace {

constexpr char kStockFolder[] = "/etc/sane.d";

std::string FoldersInForce() {
  const char* folders = std::getenv("SANE_CONFIG_DIR");
  if (folders == nullptr || *folders == '\0') return kStockFolder;
  std::string result = folders;
  if (result.back() == ':') result += kStockFolder;
  return result;
}

void AddBackends(const std::filesystem::path& file, std::vector<std::string>& backends) {
  const absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('#'));
    std::string backend(absl::StripAsciiWhitespace(line));
    if (backend.empty() || std::count(backends.begin(), backends.end(), backend) > 0) continue;
    backends.push_back(std::move(backend));
  }
}

}  // namespace

std::vector<std::string> ConfiguredBackends() {
  std::vector<std::string> backends;
  std::error_code error;
  bool conf_found = false, folder_found = false;
  for (const std::string& folder :
       std::vector<std::string>(absl::StrSplit(FoldersInForce(), ':'))) {
    const std::filesystem::path path(folder);
    if (!conf_found && std::filesystem::exists(path / "dll.conf", error)) {
      conf_found = true;
      AddBackends(path / "dll.conf", backends);
    }
    if (!folder_found && std::filesystem::is_directory(path / "dll.d", error)) {
      folder_found = true;
      for (const auto& entry : std::filesystem::directory_iterator(path / "dll.d", error)) {
        AddBackends(entry.path(), backends);
      }
    }
  }
  return backends;
}

absl::StatusOr<std::string> TrimmedConfig(const std::string& backend) {
  const std::filesystem::path folder = RunFolder() / "sane.d" / AsFileName(backend);
  std::error_code error;
  std::filesystem::create_directories(folder / "dll.d", error);
  const std::string conf = backend + "\n";
  const absl::StatusOr<std::string> present = ReadFile(folder / "dll.conf");
  if (!present.ok() || *present != conf) {
    const absl::Status written = WriteFileDurably(folder / "dll.conf", conf);
    if (!written.ok()) return FaultStatus("child_failed", backend, std::string(written.message()));
  }
  return absl::StrCat("SANE_CONFIG_DIR=", folder.string(), ":", FoldersInForce());
}

}  // namespace hotich::scanner
