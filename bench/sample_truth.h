// Sample books with what is true of them, cut into fields as the pipeline cuts them. The places of
// pages are taken from the truth, so that what is measured is reading alone.
#ifndef HOTICH_BENCH_SAMPLE_TRUTH_H_
#define HOTICH_BENCH_SAMPLE_TRUTH_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/vocabulary.pb.h"
#include "ocr/line/line.h"

namespace hotich::bench {

struct TrueField {
  std::string name;
  v1::FieldKind kind = v1::FIELD_KIND_TEXT;
  std::vector<line::ZoneBox> boxes;
  std::string literal;  // "" = blank
  v1::Hand hand = v1::HAND_UNSPECIFIED;
  v1::Strike strike = v1::STRIKE_NONE;
};

struct TrueEntry {
  std::vector<TrueField> fields;
};

struct TrueBook {
  v1::Book book;
  std::string form;
  std::vector<TrueEntry> entries;
};

// What becomes of an entry's crop before its fields are cut out of it: a picture of the same size.
using Through = std::function<absl::StatusOr<cv::Mat>(const cv::Mat& crop, double dpi)>;

// A folder that `hotich-samples` wrote. INVALID_ARGUMENT or NOT_FOUND with the file. Without
// `through`, fields are cut out of the capture itself.
absl::StatusOr<TrueBook> LoadTrueBook(const std::filesystem::path& folder,
                                      const std::filesystem::path& models,
                                      const Through& through = nullptr);

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_SAMPLE_TRUTH_H_
