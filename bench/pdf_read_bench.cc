// Measures what reading loses when fields are cut out of an entry's PDF, not out of the capture:
//   hotich-pdf-read-bench MODELS_DIR LIMIT_BYTES BOOK_DIR...
// Each page's part of an entry becomes a PDF under the limit, which poppler draws again at the
// resolution of the capture. Both are read alike; CER is of the first candidate, over all fields
// with writing that is not crossed out, and a field taken for blank is all wrong.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text.h"
#include "bench/sample_truth.h"
#include "pdf/pdf.h"
#include "tests/temporary_folder.h"

namespace hotich::bench {
namespace {

namespace fs = std::filesystem;

struct Errors {
  size_t fields = 0, characters = 0, capture = 0, pdf = 0;
};

// Makes PDFs and draws them again.
class Pdfs {
 public:
  explicit Pdfs(int limit_bytes) { settings_.set_limit_bytes(limit_bytes); }

  absl::StatusOr<cv::Mat> Through(const cv::Mat& crop, double dpi) {
    HOTICH_ASSIGN_OR_RETURN(const pdf::EntryPdf pdf, pdf::MakePdf({crop}, dpi, settings_, {}));
    largest_bytes_ = std::max(largest_bytes_, pdf.bytes.size());
    ++encodings_[pdf.encoding];
    const fs::path file = folder_.path() / "entry.pdf";
    HOTICH_RETURN_IF_ERROR(WriteFileDurably(file, pdf.bytes));
    const std::string draw = absl::StrCat("pdftoppm -singlefile -png -r ", dpi, " ", file.string(),
                                          " ", (folder_.path() / "entry").string());
    if (std::system(draw.c_str()) != 0) return absl::InternalError(draw + " failed");
    cv::Mat drawn = cv::imread((folder_.path() / "entry.png").string(), cv::IMREAD_COLOR);
    if (drawn.empty()) return absl::InternalError(draw + " drew nothing");
    if (drawn.size() != crop.size()) cv::resize(drawn, drawn, crop.size());
    return drawn;
  }

  void Print() const {
    std::printf("largest PDF %zu bytes;", largest_bytes_);
    for (const auto& [encoding, count] : encodings_) {
      std::printf(" %d %s", count, encoding.c_str());
    }
    std::printf("\n");
  }

 private:
  v1::PdfSettings settings_;
  const TemporaryFolder folder_;
  size_t largest_bytes_ = 0;
  std::map<std::string, int> encodings_;
};

std::vector<v1::FieldReading> Read(const TrueEntry& entry, line::Recognizer& recognizer) {
  std::vector<line::Zone> zones;
  for (const TrueField& field : entry.fields) zones.push_back({field.boxes, field.kind});
  auto readings = line::ReadZones(zones, recognizer, {});
  HOTICH_CHECK(readings.ok()) << readings.status();
  return *std::move(readings);
}

size_t ErrorsIn(const v1::FieldReading& reading, const std::u32string& truth) {
  if (reading.blank() || reading.candidates_size() == 0) return truth.size();
  return static_cast<size_t>(EditDistance(truth, CodePoints(reading.candidates(0).text())));
}

TrueBook Load(const fs::path& folder, const fs::path& models, const Through& through) {
  auto book = LoadTrueBook(folder, models, through);
  HOTICH_CHECK(book.ok()) << book.status();
  return *std::move(book);
}

int Main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) {
    std::cerr << "usage: hotich-pdf-read-bench MODELS_DIR LIMIT_BYTES BOOK_DIR..." << std::endl;
    return 2;
  }
  const fs::path models = arguments[0];
  Pdfs pdfs(std::atoi(arguments[1].c_str()));
  auto recognizer = line::MakeTesseractRecognizer({}, models);
  HOTICH_CHECK(recognizer.ok()) << recognizer.status();
  std::map<std::string, Errors> by_hand;
  for (size_t i = 2; i < arguments.size(); ++i) {
    const TrueBook captured = Load(arguments[i], models, nullptr);
    const TrueBook drawn = Load(arguments[i], models, [&](const cv::Mat& crop, double dpi) {
      return pdfs.Through(crop, dpi);
    });
    for (size_t e = 0; e < captured.entries.size(); ++e) {
      const TrueEntry& entry = captured.entries[e];
      const auto of_capture = Read(entry, **recognizer);
      const auto of_pdf = Read(drawn.entries[e], **recognizer);
      for (size_t f = 0; f < entry.fields.size(); ++f) {
        const TrueField& field = entry.fields[f];
        if (field.literal.empty() || field.strike == v1::STRIKE_ALL) continue;
        const std::u32string truth = CodePoints(field.literal);
        for (const char* hand : {field.hand == v1::HAND_TYPED ? "typed" : "handwritten", "all"}) {
          Errors& errors = by_hand[hand];
          ++errors.fields;
          errors.characters += truth.size();
          errors.capture += ErrorsIn(of_capture[f], truth);
          errors.pdf += ErrorsIn(of_pdf[f], truth);
        }
      }
    }
  }
  pdfs.Print();
  std::printf("%-12s %7s %10s %12s %12s %7s\n", "", "fields", "characters", "CER capture",
              "CER PDF", "points");
  for (const auto& [hand, e] : by_hand) {
    const double characters = static_cast<double>(e.characters) / 100;
    const double capture = static_cast<double>(e.capture) / characters;
    const double pdf = static_cast<double>(e.pdf) / characters;
    std::printf("%-12s %7zu %10zu %10.2f %% %10.2f %% %+7.2f\n", hand.c_str(), e.fields,
                e.characters, capture, pdf, pdf - capture);
  }
  return 0;
}

}  // namespace
}  // namespace hotich::bench

int main(int argc, char** argv) {
  setenv("OMP_THREAD_LIMIT", "1", 1);
  return hotich::bench::Main({argv + 1, argv + argc});
}
