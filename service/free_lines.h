// An entry of a form that nobody described, line by line.
#ifndef HOTICH_SERVICE_FREE_LINES_H_
#define HOTICH_SERVICE_FREE_LINES_H_

#include <opencv2/core.hpp>
#include <vector>

#include "absl/status/status.h"
#include "hotich/v1/vocabulary.pb.h"
#include "service/pipeline.h"

namespace hotich::service {

// Adds a field "dong01", "dong02" ... of free text with candidates for each text line found on the
// entry's parts, so that a clerk keys from what was read. At most 60. `dpi` as for zones.
absl::Status AddFreeLines(const cv::Mat& picture, double dpi, const std::vector<v1::Page>& pages,
                          const PipelineParts& with, v1::Entry& entry);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_FREE_LINES_H_
