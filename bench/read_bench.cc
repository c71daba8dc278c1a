// Measures reading alone, on sample books with truth:
//   hotich-read-bench MODELS_DIR BOOK_DIR... [--fields FILE]
// prints CPU seconds an entry (fields read, decoded and checked) beside a bare libtesseract loop
// over all that the networks were shown, then how right fields are by kind and hand, and how well
// hand, blank and struck-out are told; and the same after a clerk has said the truth of the entries
// of the book that come before, but for those that are on the clerk's desk meanwhile. --fields
// writes every field with its truth as JSON Lines.
#include <tesseract/baseapi.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/status.h"
#include "base/text.h"
#include "bench/sample_truth.h"
#include "bench/scores.h"
#include "ocr/line/network.h"
#include "ocr/value/lessons.h"
#include "ocr/value/value.h"

namespace hotich::bench {
namespace {

namespace fs = std::filesystem;

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double Timed(const std::function<void()>& work) {
  const double start = CpuSeconds();
  work();
  return CpuSeconds() - start;
}

v1::Entry ReadEntry(const TrueEntry& entry, const v1::Book& book, line::Recognizer& recognizer,
                    const v1::ReadSettings& settings) {
  std::vector<line::Zone> zones;
  for (const TrueField& field : entry.fields) zones.push_back({field.boxes, field.kind});
  absl::StatusOr<std::vector<v1::FieldReading>> readings =
      line::ReadZones(zones, recognizer, settings, book.place());
  HOTICH_CHECK(readings.ok()) << readings.status();
  v1::Entry read;
  for (size_t i = 0; i < entry.fields.size(); ++i) {
    (*readings)[i].set_name(entry.fields[i].name);
    *read.add_fields() = std::move((*readings)[i]);
  }
  value::CheckEntry(book, read);
  return read;
}

// A network that remembers what it was shown.
class Remembering : public line::Network {
 public:
  explicit Remembering(std::unique_ptr<line::Network> network) : network_(std::move(network)) {}
  absl::StatusOr<line::NetworkReading> Read(const cv::Mat& line) override {
    shown_.push_back(line.clone());
    return network_->Read(line);
  }
  const std::string& Name() const override { return network_->Name(); }
  std::vector<cv::Mat> TakeShown() { return std::exchange(shown_, {}); }

 private:
  std::unique_ptr<line::Network> network_;
  std::vector<cv::Mat> shown_;
};

// One of the two networks, as the recognizer uses it and by libtesseract's plainest calls.
class BenchedNetwork {
 public:
  BenchedNetwork(const fs::path& folder, const std::string& name) {
    auto network = line::LoadNetwork(folder, name);
    HOTICH_CHECK(network.ok()) << network.status();
    remembering_ = std::make_unique<Remembering>(*std::move(network));
    shown_to_ = remembering_.get();
    HOTICH_CHECK(bare_.Init(folder.c_str(), name.c_str(), tesseract::OEM_LSTM_ONLY) == 0) << name;
    bare_.SetPageSegMode(tesseract::PSM_RAW_LINE);
    bare_.SetVariable("tessedit_do_invert", "0");
  }
  // Once, for the recognizer that will own it; this must not outlive that.
  std::unique_ptr<line::Network> Take() { return std::move(remembering_); }
  std::vector<cv::Mat> TakeShown() { return shown_to_->TakeShown(); }
  void ReadBare(const std::vector<cv::Mat>& lines) {
    for (const cv::Mat& line : lines) {
      bare_.SetImage(line.data, line.cols, line.rows, 1, static_cast<int>(line.step));
      bare_.SetSourceResolution(300);
      const std::unique_ptr<char[]> text(bare_.GetUTF8Text());
    }
  }

 private:
  std::unique_ptr<Remembering> remembering_;
  Remembering* shown_to_ = nullptr;
  tesseract::TessBaseAPI bare_;
};

struct Seconds {
  double all = 0;     // read, decoded, checked
  double clean = 0;   // finding and cleaning the lines in it
  double bare = 0;    // all that the networks were shown, by libtesseract alone
  double taught = 0;  // weighing its candidates by what was said of entries before
};

// What a clerk who makes no mistake says of an entry.
std::vector<v1::FieldValue> SaidOf(const TrueEntry& entry) {
  std::vector<v1::FieldValue> said;
  for (const TrueField& field : entry.fields) {
    v1::FieldValue& value = said.emplace_back();
    value.set_name(field.name);
    value.set_literal(field.literal);
  }
  return said;
}

nlohmann::ordered_json CandidatesOf(const v1::FieldReading& reading) {
  nlohmann::ordered_json candidates = nlohmann::ordered_json::array();
  for (const v1::Candidate& c : reading.candidates()) {
    candidates.push_back({{"text", c.text()}, {"confidence", c.confidence()}});
  }
  return candidates;
}

class Bench {
 public:
  explicit Bench(const fs::path& models)
      : models_(models),
        typed_(line::DebianTessdata(settings_.model()), settings_.model()),
        handwritten_(models, "vie_register") {
    auto recognizer = line::MakeRecognizer(typed_.Take(), handwritten_.Take(), models);
    HOTICH_CHECK(recognizer.ok()) << recognizer.status();
    recognizer_ = *std::move(recognizer);
  }

  void Run(const fs::path& folder, Scores& scores, Scores& taught, std::ostream* fields) {
    const absl::StatusOr<TrueBook> book = LoadTrueBook(folder, models_);
    HOTICH_CHECK(book.ok()) << book.status();
    std::vector<Seconds> seconds;
    size_t fields_read = 0, lines = 0;
    value::Lessons lessons;
    std::vector<v1::Entry> as_read;
    for (const TrueEntry& entry : book->entries) {
      Seconds& spent = seconds.emplace_back();
      v1::Entry read;
      spent.all = Timed([&] { read = ReadEntry(entry, book->book, *recognizer_, settings_); });
      std::vector<line::TextLine> cleaned;
      spent.clean = Timed([&] {
        for (const TrueField& field : entry.fields) {
          for (const line::ZoneBox& box : field.boxes) cleaned.push_back(line::CleanLine(box));
        }
      });
      std::erase_if(cleaned, [](const line::TextLine& line) { return line.picture.empty(); });
      const std::vector<cv::Mat> typed = typed_.TakeShown(), written = handwritten_.TakeShown();
      spent.bare = Timed([&] {
        typed_.ReadBare(typed);
        handwritten_.ReadBare(written);
      });
      fields_read += entry.fields.size();
      lines += cleaned.size();
      const size_t on_desk = settings_desk_.max_prefetch();
      if (as_read.size() >= on_desk) {
        const size_t said = as_read.size() - on_desk;
        value::Learn(as_read[said], SaidOf(book->entries[said]), static_cast<int>(said) + 1,
                     lessons);
      }
      as_read.push_back(read);
      v1::Entry weighed = read;
      const auto place = static_cast<int>(as_read.size());
      spent.taught = Timed([&] {
        value::ApplyLessons(lessons, book->book, settings_.min_confidence(), place, weighed);
      });
      for (size_t i = 0; i < entry.fields.size(); ++i) {
        const auto at = static_cast<int>(i);
        scores.Add(entry.fields[i], read.fields(at));
        taught.Add(entry.fields[i], weighed.fields(at));
        if (fields == nullptr) continue;
        *fields << Line(entry.fields[i], read.fields(at), weighed.fields(at));
      }
    }
    Print(folder, seconds, fields_read, lines);
  }

 private:
  static void Print(const fs::path& folder, const std::vector<Seconds>& seconds, size_t fields,
                    size_t lines) {
    const double n = static_cast<double>(seconds.size());
    Seconds sum;
    for (const Seconds& s : seconds) {
      sum.all += s.all;
      sum.clean += s.clean;
      sum.bare += s.bare;
      sum.taught += s.taught;
    }
    std::printf(
        "%s: %zu entries of %.0f fields and %.0f written lines\n"
        "  an entry read, decoded and checked: %.2f s of one core\n"
        "  its lines by bare libtesseract:     %.2f s; outside it %.0f %% (cleaning %.0f %%)\n"
        "  weighed by what was said before:    %.3f s\n",
        folder.c_str(), seconds.size(), fields / n, lines / n, sum.all / n, sum.bare / n,
        100 * (1 - sum.bare / sum.all), 100 * sum.clean / sum.all, sum.taught / n);
  }

  static std::string Line(const TrueField& field, const v1::FieldReading& reading,
                          const v1::FieldReading& weighed) {
    const nlohmann::ordered_json json{{"name", field.name},
                                      {"kind", v1::FieldKind_Name(field.kind)},
                                      {"true",
                                       {{"literal", field.literal},
                                        {"hand", v1::Hand_Name(field.hand)},
                                        {"strike", v1::Strike_Name(field.strike)}}},
                                      {"candidates", CandidatesOf(reading)},
                                      {"taught", CandidatesOf(weighed)},
                                      {"blank", reading.blank()},
                                      {"blank_confidence", reading.blank_confidence()},
                                      {"hand", v1::Hand_Name(reading.hand())},
                                      {"hand_confidence", reading.hand_confidence()},
                                      {"strike", v1::Strike_Name(reading.strike())},
                                      {"strike_confidence", reading.strike_confidence()}};
    return json.dump() + "\n";
  }

  v1::ReadSettings settings_;
  v1::DeskSettings settings_desk_;
  fs::path models_;
  BenchedNetwork typed_, handwritten_;
  std::unique_ptr<line::Recognizer> recognizer_;
};

int Main(std::vector<std::string> arguments) {
  std::ofstream fields;
  const auto option = std::find(arguments.begin(), arguments.end(), "--fields");
  if (option != arguments.end() && option + 1 != arguments.end()) {
    fields.open(*(option + 1));
    arguments.erase(option, option + 2);
  }
  if (arguments.size() < 2) {
    std::cerr << "usage: hotich-read-bench MODELS_DIR BOOK_DIR... [--fields FILE]" << std::endl;
    return 2;
  }
  Bench bench(arguments[0]);
  Scores scores, taught;
  for (size_t i = 1; i < arguments.size(); ++i) {
    bench.Run(arguments[i], scores, taught, fields.is_open() ? &fields : nullptr);
  }
  scores.Print();
  std::printf("\nafter a clerk has said the truth of the entries before\n");
  taught.PrintTexts();
  return 0;
}

}  // namespace
}  // namespace hotich::bench

int main(int argc, char** argv) {
  setenv("OMP_THREAD_LIMIT", "1", 1);
  cv::setNumThreads(1);
  return hotich::bench::Main({argv + 1, argv + argc});
}
