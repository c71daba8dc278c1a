#include "service/station.h"

#include <cstdlib>
#include <system_error>

#include "base/status.h"
#include "base/textproto.h"
#include "ocr/form/form.h"

namespace hotich::service {
namespace {

// models/ of the repository for a program in build/bin, of the package for an installed one.
std::filesystem::path ModelsFolder(const StationOptions& options) {
  if (!options.models.empty()) return options.models;
  if (const char* folder = std::getenv("HOTICH_MODELS")) return folder;
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  std::filesystem::path beside = program.parent_path().parent_path().parent_path() / "models";
  if (std::filesystem::is_directory(beside, error)) return beside;
  return "/usr/share/hotich/models";
}

}  // namespace

absl::StatusOr<v1::Settings> LoadSettings(const StationOptions& options) {
  if (!options.settings.empty()) return LoadTextproto<v1::Settings>(options.settings);
  const std::filesystem::path own = options.folder / "station.textproto";
  std::error_code error;
  if (std::filesystem::exists(own, error)) return LoadTextproto<v1::Settings>(own);
  return v1::Settings();
}

absl::StatusOr<std::vector<v1::FormTemplate>> LoadStationForms(const StationOptions& options) {
  return form::LoadForms(ModelsFolder(options) / "forms");
}

absl::StatusOr<Station> OpenStation(const StationOptions& options, const Clock& clock) {
  Station station{.folder = options.folder, .clock = &clock};
  HOTICH_ASSIGN_OR_RETURN(station.settings, LoadSettings(options));
  HOTICH_ASSIGN_OR_RETURN(station.forms, LoadStationForms(options));
  HOTICH_ASSIGN_OR_RETURN(station.store, store::OpenStation(options.folder, clock));
  return station;
}

}  // namespace hotich::service
