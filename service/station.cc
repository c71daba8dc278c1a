#include "service/station.h"

#include <cstdlib>
#include <system_error>

#include "base/status.h"
#include "base/textproto.h"
#include "ocr/form/form.h"
#include "service/naming.h"
#include "service/settings_check.h"

namespace hotich::service {

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

namespace {

// What no schema can say.
std::vector<TextprotoFault> CheckSettings(const google::protobuf::Message& message) {
  const auto& settings = static_cast<const v1::Settings&>(message);
  std::vector<TextprotoFault> faults = CheckNames(settings.export_());
  for (const TextprotoFault& fault : CheckNumbers(settings)) faults.push_back(fault);
  for (const TextprotoFault& fault : CheckWords(settings)) faults.push_back(fault);
  return faults;
}

}  // namespace

absl::StatusOr<v1::Settings> LoadSettings(const StationOptions& options) {
  const std::filesystem::path own = options.folder / "station.textproto";
  std::error_code error;
  v1::Settings settings;
  if (options.settings.empty() && !std::filesystem::exists(own, error)) return settings;
  HOTICH_RETURN_IF_ERROR(LoadTextprotoInto(options.settings.empty() ? own : options.settings,
                                           settings, CheckSettings));
  return settings;
}

absl::StatusOr<std::vector<v1::FormTemplate>> LoadStationForms(const StationOptions& options) {
  return form::LoadForms(ModelsFolder(options) / "forms");
}

namespace {

absl::StatusOr<Station> WithoutStore(const StationOptions& options, const Clock& clock) {
  Station station{.folder = options.folder, .models = ModelsFolder(options), .clock = &clock};
  HOTICH_ASSIGN_OR_RETURN(station.settings, LoadSettings(options));
  HOTICH_ASSIGN_OR_RETURN(station.forms, LoadStationForms(options));
  return station;
}

}  // namespace

absl::StatusOr<Station> OpenStation(const StationOptions& options, const Clock& clock) {
  HOTICH_ASSIGN_OR_RETURN(Station station, WithoutStore(options, clock));
  HOTICH_RETURN_IF_ERROR(store::FindStation(options.folder));
  HOTICH_ASSIGN_OR_RETURN(station.store, store::OpenStation(options.folder, clock));
  return station;
}

absl::StatusOr<Station> BeginStation(const StationOptions& options, const Clock& clock) {
  HOTICH_ASSIGN_OR_RETURN(Station station, WithoutStore(options, clock));
  HOTICH_ASSIGN_OR_RETURN(station.store, store::OpenStation(options.folder, clock));
  return station;
}

}  // namespace hotich::service
