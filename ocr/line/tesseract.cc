// The one place that speaks to Tesseract: its LSTM engine on one cleaned line, and its posteriors
// decoded by the beam search of ctc.cc.
//
// Posteriors come through the public API (lstm_choice_mode = 1): per step all symbols above 0.01.
// Two traps: the last two outputs of a network both arrive as "", so in the place where Tesseract
// itself read a symbol that the steps do not name, "" is that symbol (stock `vie`: ẵ); and a
// network with a compressed recoder names wrong symbols throughout: then only Tesseract's own
// reading is returned.
//
// OpenMP makes single lines slower and steals the other workers' cores: it is switched off here.
#include <omp.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "base/file.h"
#include "base/status.h"
#include "base/text.h"
#include "ocr/line/confidence.h"
#include "ocr/line/ctc.h"
#include "ocr/line/hand.h"
#include "ocr/line/line.h"
#include "ocr/line/literal.h"

namespace hotich::line {
namespace {

namespace fs = std::filesystem;

constexpr int kLowestLine = 8, kHighestLine = 2000;  // px, as the interface promises
// Tesseract scales to the network's 36 to 64 px itself, well from up to twice that.
constexpr int kBestHeight = 72;
constexpr int kNominalDpi = 300;  // keeps Tesseract from guessing one

cv::Mat Grey(const cv::Mat& line) {
  if (line.channels() == 1) return line;
  cv::Mat grey;
  cv::cvtColor(line, grey, line.channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
  return grey;
}

// Cut to the ink as the networks' training lines were: white at the ends is read as "_" or ".",
// none above and below costs marks. Shares of the height of the ink, tried on typed lines. Empty =
// no ink.
cv::Mat CutToInk(const cv::Mat& grey) {
  constexpr double kEndMargin = 0.05, kUpperMargin = 0.1;
  constexpr double kLeastInk = 24;  // grey levels between paper and ink that an eye can see
  double darkest = 0, lightest = 0;
  cv::minMaxLoc(grey, &darkest, &lightest);
  if (lightest - darkest < kLeastInk) return {};
  const cv::Rect ink = cv::boundingRect(grey < (darkest + lightest) / 2);
  const int across = std::max(1, static_cast<int>(std::lround(kEndMargin * ink.height)));
  const int up = std::max(1, static_cast<int>(std::lround(kUpperMargin * ink.height)));
  cv::Mat framed;
  cv::copyMakeBorder(grey, framed, up, up, across, across, cv::BORDER_CONSTANT,
                     cv::Scalar(lightest));
  return framed(cv::Rect(ink.x, ink.y, ink.width + 2 * across, ink.height + 2 * up));
}

cv::Mat Prepare(const cv::Mat& line) {
  const cv::Mat cut = CutToInk(Grey(line));
  if (cut.empty() || cut.rows <= kBestHeight) return cut.clone();
  cv::Mat small;
  const double scale = static_cast<double>(kBestHeight) / cut.rows;
  cv::resize(cut, small, {std::max(1, static_cast<int>(cut.cols * scale)), kBestHeight}, 0, 0,
             cv::INTER_AREA);
  return small;
}

// What Tesseract says of a line: its own text and, where they can be had, the steps.
struct RawReading {
  std::string text;
  std::vector<CtcStep> steps;
};

// One word's segments of steps: one for the blank before it, if any, then one for each of its
// symbols.
void AppendWord(const tesseract::ResultIterator& word, RawReading& reading, int& unnamed,
                int& symbols) {
  const auto* segments = word.GetRawLSTMTimesteps();
  if (segments == nullptr) return;
  std::vector<std::string> names;
  tesseract::ResultIterator it(word);
  while (true) {
    const std::unique_ptr<char[]> symbol(it.GetUTF8Text(tesseract::RIL_SYMBOL));
    if (symbol != nullptr) names.emplace_back(symbol.get());
    if (it.IsAtFinalElement(tesseract::RIL_WORD, tesseract::RIL_SYMBOL)) break;
    if (!it.Next(tesseract::RIL_SYMBOL)) break;
  }
  const size_t blanks = segments->size() - std::min(segments->size(), names.size());
  for (size_t s = 0; s < segments->size(); ++s) {
    const std::string name = s >= blanks ? names[s - blanks] : " ";
    bool named = false;
    for (const auto& step : (*segments)[s]) {
      for (const auto& [symbol, p] : step) named |= name == symbol;
    }
    ++symbols;
    unnamed += named ? 0 : 1;
    for (const auto& step : (*segments)[s]) {
      CtcStep copy;
      for (const auto& [symbol, p] : step) {
        const bool hidden =
            !named && *symbol == '\0' && (copy.empty() || copy.back().first != name);
        copy.emplace_back(hidden ? name : symbol, p);
      }
      reading.steps.push_back(std::move(copy));
    }
  }
}

RawReading Collect(tesseract::TessBaseAPI& engine) {
  RawReading reading;
  const std::unique_ptr<char[]> text(engine.GetUTF8Text());
  if (text != nullptr) reading.text = text.get();
  const std::unique_ptr<tesseract::ResultIterator> it(engine.GetIterator());
  if (it == nullptr) return reading;
  int symbols = 0, unnamed = 0;
  do {
    if (it->Empty(tesseract::RIL_WORD)) continue;
    AppendWord(*it, reading, unnamed, symbols);
  } while (it->Next(tesseract::RIL_WORD));
  // One letter of 269 may hide behind ""; when many do, the network's codes are not its letters.
  constexpr double kMostUnnamed = 0.34;
  if (unnamed > std::max(1.0, kMostUnnamed * symbols)) reading.steps.clear();
  return reading;
}

class TesseractRecognizer : public Recognizer {
 public:
  TesseractRecognizer(std::unique_ptr<tesseract::TessBaseAPI> engine, std::string model)
      : engine_(std::move(engine)), model_(std::move(model)) {}

  absl::StatusOr<std::vector<v1::Candidate>> ReadLine(const cv::Mat& line,
                                                      const LineOptions& options) override {
    if (line.empty() || line.rows < kLowestLine || line.rows > kHighestLine ||
        line.depth() != CV_8U) {
      return absl::InvalidArgumentError(
          absl::StrCat("a line picture of ", line.cols, "x", line.rows,
                       " px cannot be read; give 8-bit grey or BGR, ", kLowestLine, " to ",
                       kHighestLine, " px high"));
    }
    const cv::Mat picture = Prepare(line);
    if (picture.empty()) return std::vector<v1::Candidate>();
    omp_set_max_active_levels(0);
    engine_->SetImage(picture.data, picture.cols, picture.rows, 1, static_cast<int>(picture.step));
    engine_->SetSourceResolution(kNominalDpi);
    if (engine_->Recognize(nullptr) != 0) {
      return absl::InternalError("Tesseract gave up on a line; see the service's log");
    }
    const RawReading reading = Collect(*engine_);
    const v1::Hand hand =
        options.hand == v1::HAND_UNSPECIFIED ? EstimateHand(picture) : options.hand;
    engine_->Clear();
    return MakeCandidates(reading.text, reading.steps, options, hand);
  }

  std::string Model() const override { return model_; }

 private:
  std::unique_ptr<tesseract::TessBaseAPI> engine_;
  std::string model_;
};

fs::path FindTessdata(const v1::ReadSettings& settings) {
  if (!settings.tessdata_dir().empty()) return settings.tessdata_dir();
  // Debian's folders, newest first.
  for (const char* folder :
       {"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata"}) {
    if (fs::exists(fs::path(folder) / (settings.model() + ".traineddata"))) return folder;
  }
  return "/usr/share/tesseract-ocr/5/tessdata";
}

}  // namespace

absl::StatusOr<std::unique_ptr<Recognizer>> MakeTesseractRecognizer(
    const v1::ReadSettings& settings) {
  const fs::path folder = FindTessdata(settings);
  const fs::path file = folder / (settings.model() + ".traineddata");
  const absl::StatusOr<std::string> bytes = ReadFile(file);
  if (!bytes.ok()) {
    return absl::NotFoundError(absl::StrCat(
        "no Tesseract network ", file.string(), "; install the Debian package tesseract-ocr-",
        settings.model(), " or set read.tessdata_dir to the folder that holds ", settings.model(),
        ".traineddata"));
  }
  auto engine = std::make_unique<tesseract::TessBaseAPI>();
  if (engine->Init(folder.c_str(), settings.model().c_str(), tesseract::OEM_LSTM_ONLY) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.string(), " is not a Tesseract LSTM network; install it anew"));
  }
  engine->SetPageSegMode(tesseract::PSM_RAW_LINE);
  for (const auto& [name, value] : {std::pair{"tessedit_do_invert", "0"},
                                    {"lstm_choice_mode", "1"},
                                    {"lstm_choice_iterations", "0"},
                                    {"debug_file", "/dev/null"}}) {
    HOTICH_CHECK(engine->SetVariable(name, value)) << name;
  }
  const std::string model = absl::StrCat(settings.model(), "@", Sha256Hex(*bytes).substr(0, 12));
  return std::make_unique<TesseractRecognizer>(std::move(engine), model);
}

}  // namespace hotich::line
