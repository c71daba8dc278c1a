// The picture of an entry from a file of earlier digitization.
#ifndef HOTICH_SERVICE_EXPORT_EARLIER_PICTURE_H_
#define HOTICH_SERVICE_EXPORT_EARLIER_PICTURE_H_

#include <stop_token>
#include <string>

#include "absl/status/statusor.h"
#include "capture/scanner/scanner.h"
#include "service/export/earlier_work.h"
#include "service/station.h"

namespace hotich::service {

// In small letters, with its dot: ".pdf".
std::string Extension(const std::string& name);

// Of a file, or of a member of a zip.
absl::StatusOr<std::string> BytesOfFile(const EarlierFile& file);

// One picture, whatever the file is: its pages are put side by side, as the parts of an entry over
// the gutter lie in the book. `bytes`: what BytesOfFile gave. The station lends its settings, and
// its folder for the moment that a member of a zip must be a file: one call at a time in a process.
absl::StatusOr<scanner::Picture> PictureOfFile(const EarlierFile& file, const std::string& bytes,
                                               const Station& station, std::stop_token stop);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_EXPORT_EARLIER_PICTURE_H_
