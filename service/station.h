// What every verb and service of a station works with: its settings, forms and store.
#ifndef HOTICH_SERVICE_STATION_H_
#define HOTICH_SERVICE_STATION_H_

#include <filesystem>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "hotich/v1/form.pb.h"
#include "hotich/v1/settings.pb.h"
#include "store/store.h"

namespace hotich::service {

struct StationOptions {
  // Database and pictures.
  std::filesystem::path folder = "station";
  // A .textproto of v1::Settings; empty = FOLDER/station.textproto when it exists, else the
  // defaults.
  std::filesystem::path settings;
  // Folder with forms/, language/ and networks; empty = $HOTICH_MODELS, else the one beside the
  // program.
  std::filesystem::path models;
};

struct Station {
  std::filesystem::path folder;
  std::filesystem::path models;
  v1::Settings settings;
  std::vector<v1::FormTemplate> forms;
  std::unique_ptr<store::Store> store;
  const Clock* clock = nullptr;
};

// INVALID_ARGUMENT with file, line and column for bad settings or forms; NO_STATION, and nothing
// touched, where the folder holds none: a mistyped folder must not look like an empty station.
// `clock` must outlive the station.
absl::StatusOr<Station> OpenStation(const StationOptions& options, const Clock& clock);
// The same, but makes the station when absent: for what may be the first thing done in one.
absl::StatusOr<Station> BeginStation(const StationOptions& options, const Clock& clock);

// Folder of forms, networks and languages: as the options say, else $HOTICH_MODELS, else beside the
// program.
std::filesystem::path ModelsFolder(const StationOptions& options);

// The parts of OpenStation that stateless verbs need.
absl::StatusOr<v1::Settings> LoadSettings(const StationOptions& options);
absl::StatusOr<std::vector<v1::FormTemplate>> LoadStationForms(const StationOptions& options);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_STATION_H_
