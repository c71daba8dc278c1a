// One Tesseract network and what it says of a picture. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_NETWORK_H_
#define HOTICH_OCR_LINE_NETWORK_H_

#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "ocr/line/ctc.h"

namespace hotich::line {

struct NetworkReading {
  std::string text;  // Tesseract's own, helped by the network's word list where it has one
  CtcSteps steps;    // empty where the network's codes cannot be told apart
};

constexpr double kNotSeen = 1e-3;  // probability of what a step leaves out

// What the steps leave open, in nats: 0 = nothing. The sum over them of -log of the likeliest
// character.
double Doubt(const NetworkReading& reading);

// Of the network of register hands: with more doubt than this, a line is looked at again, widened
// (prepare.h). A third of 1,200 lines of the training part and a fifth of the validation part have
// less; to look again at those as well takes not one in a hundred of the wrong letters away.
constexpr double kLooksAgain = 6;

// One engine, one thread.
class Network {
 public:
  virtual ~Network() = default;
  // `line`: of PrepareLine, not empty. Nothing read = empty text.
  virtual absl::StatusOr<NetworkReading> Read(const cv::Mat& line) = 0;
  // "vie@<12 hex of the traineddata's SHA-256>".
  virtual const std::string& Name() const = 0;
};

// NOT_FOUND without `folder`/`name`.traineddata, with what to install.
absl::Status FindNetwork(const std::filesystem::path& folder, const std::string& name);

// As FindNetwork; INVALID_ARGUMENT when the file is no LSTM network.
absl::StatusOr<std::unique_ptr<Network>> LoadNetwork(const std::filesystem::path& folder,
                                                     const std::string& name);

class Recognizer;

// What MakeTesseractRecognizer (line.h) makes of the networks it loads. `handwritten` may be null.
absl::StatusOr<std::unique_ptr<Recognizer>> MakeRecognizer(std::unique_ptr<Network> typed,
                                                           std::unique_ptr<Network> handwritten,
                                                           const std::filesystem::path& models);

// Debian's folder of traineddata that holds this network, or where it would be.
std::filesystem::path DebianTessdata(const std::string& name);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_NETWORK_H_
