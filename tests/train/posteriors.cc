// Prints what libtesseract's network says at each timestep of a line: "step, character,
// probability". For equality_test.py.
//
//   train_posteriors TESSDATA_DIR LANGUAGE PICTURE
#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <cstdio>
#include <memory>

namespace {

// One step of the network a line; a word holds the steps it was read from, blanks between words
// included.
int Print(tesseract::TessBaseAPI& api) {
  std::unique_ptr<tesseract::ResultIterator> word(api.GetIterator());
  if (word == nullptr) return 1;
  int step = 0;
  do {
    const auto* timesteps = word->GetRawLSTMTimesteps();
    if (timesteps == nullptr) return 1;
    for (const auto& symbol : *timesteps) {
      for (const auto& timestep : symbol) {
        for (const auto& [name, probability] : timestep) {
          std::printf("%d\t%s\t%.7f\n", step, name, probability);
        }
        ++step;
      }
    }
  } while (word->Next(tesseract::RIL_WORD));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  tesseract::TessBaseAPI api;
  if (api.Init(argv[1], argv[2], tesseract::OEM_LSTM_ONLY) != 0) return 1;
  api.SetPageSegMode(tesseract::PSM_RAW_LINE);
  api.SetVariable("tessedit_do_invert", "0");
  api.SetVariable("lstm_choice_mode", "1");
  api.SetVariable("lstm_choice_iterations", "0");
  Pix* picture = pixRead(argv[3]);
  if (picture == nullptr) return 1;
  api.SetImage(picture);
  int result = api.Recognize(nullptr) == 0 ? Print(api) : 1;
  pixDestroy(&picture);
  api.End();
  return result;
}
