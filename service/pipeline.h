// The way of a capture, from its bytes to entries with read fields.
#ifndef HOTICH_SERVICE_PIPELINE_H_
#define HOTICH_SERVICE_PIPELINE_H_

#include <functional>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capture/page/page.h"
#include "hotich/v1/form.pb.h"
#include "hotich/v1/settings.pb.h"
#include "hotich/v1/vocabulary.pb.h"
#include "ocr/form/form.h"
#include "ocr/line/line.h"
#include "service/trace.h"

namespace hotich::service {

// What a run needs beside the capture. All borrowed; one per worker, for the recognizer is not
// shared.
struct PipelineParts {
  const v1::Settings& settings;
  const std::vector<v1::FormTemplate>& forms;
  line::Recognizer& recognizer;
  // Keeps a crop or PDF and returns its SHA-256.
  std::function<absl::StatusOr<std::string>(const std::string& bytes)> keep;
  // Pages that the captures around this one have, where they agree (neighbours.h).
  page::UsualPages usual_pages = {};
};

// Lets ocr/form read printed labels with this recognizer, which must outlive it.
form::ReadPrintedLine PrintedReader(line::Recognizer& recognizer);

// Decodes, finds pages, flattens, recognizes the form, finds entries, cuts, compresses, places
// zones, reads, checks. INVALID_ARGUMENT for bytes that are no picture; CANCELLED after `stop`. The
// same capture, book, adjustment and parts give the same result.
absl::StatusOr<v1::CaptureResult> ReadCapture(const std::string& bytes, const v1::Capture& capture,
                                              const v1::Book& book,
                                              const v1::CaptureAdjustment& adjustment,
                                              const PipelineParts& parts, Trace& trace,
                                              std::stop_token stop);

// Reads one place of a capture (polygon of four points, capture px) as a field of this kind.
absl::StatusOr<v1::FieldReading> ReadRegion(const std::string& bytes,
                                            const v1::CaptureResult& result, int page,
                                            const v1::Polygon& region, v1::FieldKind kind,
                                            const PipelineParts& parts);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_PIPELINE_H_
