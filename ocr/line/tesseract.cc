// The one place that speaks to Tesseract: its LSTM engine on one cleaned line, and its posteriors.
//
// Posteriors come through the public API (lstm_choice_mode = 1): per step all symbols above 0.01.
// Two traps: the last two outputs of a network both arrive as "", so in the place where Tesseract
// itself read a symbol that the steps do not name, "" is that symbol (stock `vie`: ẵ); and a
// network with a compressed recoder names wrong symbols throughout: then only Tesseract's own
// reading is given.
//
// OpenMP makes single lines slower and steals the other workers' cores: it is switched off here.
#include <omp.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/file.h"
#include "base/status.h"
#include "base/text.h"
#include "ocr/line/network.h"

namespace hotich::line {
namespace {

namespace fs = std::filesystem;

constexpr int kNominalDpi = 300;  // keeps Tesseract from guessing one

// Characters of Tesseract come as UTF-8, each of one code point, or "" for none.
char32_t Character(const char* symbol) {
  const std::u32string points = CodePoints(symbol);
  return points.empty() ? kNothing : points.front();
}

// One word's segments of steps: one for the blank before it, if any, then one for each of its
// symbols.
void AppendWord(const tesseract::ResultIterator& word, NetworkReading& reading, int& unnamed,
                int& symbols) {
  const auto* segments = word.GetRawLSTMTimesteps();
  if (segments == nullptr) return;
  std::u32string names;
  tesseract::ResultIterator it(word);
  while (true) {
    const std::unique_ptr<char[]> symbol(it.GetUTF8Text(tesseract::RIL_SYMBOL));
    if (symbol != nullptr) names += Character(symbol.get());
    if (it.IsAtFinalElement(tesseract::RIL_WORD, tesseract::RIL_SYMBOL)) break;
    if (!it.Next(tesseract::RIL_SYMBOL)) break;
  }
  const size_t blanks = segments->size() - std::min(segments->size(), names.size());
  for (size_t s = 0; s < segments->size(); ++s) {
    const char32_t name = s >= blanks ? names[s - blanks] : U' ';
    CtcSteps steps;
    bool named = false;
    for (const auto& listed : (*segments)[s]) {
      CtcStep& step = steps.emplace_back();
      for (const auto& [symbol, p] : listed) step.emplace_back(Character(symbol), p);
      for (const auto& [character, p] : step) named |= character == name;
    }
    ++symbols;
    unnamed += named ? 0 : 1;
    for (CtcStep& step : steps) {
      for (size_t i = 0; !named && i < step.size(); ++i) {
        const bool hidden = step[i].first == kNothing && (i == 0 || step[i - 1].first != name);
        if (hidden) step[i].first = name;
      }
      reading.steps.push_back(std::move(step));
    }
  }
}

NetworkReading Collect(tesseract::TessBaseAPI& engine) {
  NetworkReading reading;
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

class TesseractNetwork : public Network {
 public:
  TesseractNetwork(std::unique_ptr<tesseract::TessBaseAPI> engine, std::string name)
      : engine_(std::move(engine)), name_(std::move(name)) {}

  absl::StatusOr<NetworkReading> Read(const cv::Mat& picture) override {
    omp_set_max_active_levels(0);
    engine_->SetImage(picture.data, picture.cols, picture.rows, 1, static_cast<int>(picture.step));
    engine_->SetSourceResolution(kNominalDpi);
    if (engine_->Recognize(nullptr) != 0) {
      return absl::InternalError("Tesseract gave up on a line; see the service's log");
    }
    NetworkReading reading = Collect(*engine_);
    engine_->Clear();
    return reading;
  }

  const std::string& Name() const override { return name_; }

 private:
  std::unique_ptr<tesseract::TessBaseAPI> engine_;
  std::string name_;
};

}  // namespace

double Doubt(const NetworkReading& reading) {
  double doubt = 0;
  for (const CtcStep& step : reading.steps) {
    double likeliest = kNotSeen;
    for (const auto& [character, p] : step) likeliest = std::max(likeliest, p);
    doubt -= std::log(likeliest);
  }
  return doubt;
}

fs::path DebianTessdata(const std::string& name) {
  // Debian's folders, newest first.
  for (const char* folder :
       {"/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata"}) {
    if (fs::exists(fs::path(folder) / (name + ".traineddata"))) return folder;
  }
  return "/usr/share/tesseract-ocr/5/tessdata";
}

absl::Status FindNetwork(const fs::path& folder, const std::string& name) {
  const fs::path file = folder / (name + ".traineddata");
  std::error_code error;
  if (fs::is_regular_file(file, error)) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(
      "no Tesseract network ", file.string(), "; install the Debian package tesseract-ocr-", name,
      " or set read.tessdata_dir to the folder that holds ", name, ".traineddata"));
}

absl::StatusOr<std::unique_ptr<Network>> LoadNetwork(const fs::path& folder,
                                                     const std::string& name) {
  HOTICH_RETURN_IF_ERROR(FindNetwork(folder, name));
  const fs::path file = folder / (name + ".traineddata");
  HOTICH_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file));
  auto engine = std::make_unique<tesseract::TessBaseAPI>();
  if (engine->Init(folder.c_str(), name.c_str(), tesseract::OEM_LSTM_ONLY) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.string(), " is not a Tesseract LSTM network; install it anew"));
  }
  engine->SetPageSegMode(tesseract::PSM_RAW_LINE);
  for (const auto& [variable, value] : {std::pair{"tessedit_do_invert", "0"},
                                        {"lstm_choice_mode", "1"},
                                        {"lstm_choice_iterations", "0"},
                                        {"debug_file", "/dev/null"}}) {
    HOTICH_CHECK(engine->SetVariable(variable, value)) << variable;
  }
  return std::make_unique<TesseractNetwork>(
      std::move(engine), absl::StrCat(name, "@", Sha256Hex(bytes).substr(0, 12)));
}

}  // namespace hotich::line
