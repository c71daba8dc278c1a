// From a field's picture to candidates.
//
//   auto recognizer = MakeTesseractRecognizer(settings.read(), ModelsFolder(options));
//   v1::FieldReading reading = ReadZone(boxes, kind, **recognizer, settings.read());
#ifndef HOTICH_OCR_LINE_LINE_H_
#define HOTICH_OCR_LINE_LINE_H_

#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotich/v1/settings.pb.h"
#include "hotich/v1/vocabulary.pb.h"

namespace hotich::line {

struct WrittenLine {
  cv::Mat picture;                       // grey or BGR, one line of text, 8 to 2000 px high
  v1::Hand hand = v1::HAND_UNSPECIFIED;  // unspecified = find out
  // Height of the ink as a share of that of a whole line of this hand, from marks to tails: "nam"
  // takes less than half. 1 = the ink is as high as a line, or nothing is known.
  double height_share = 1;
  // A comma is seen there. Networks overlook it: lines to learn from end where texts end.
  bool ends_in_comma = false;
};

struct ReadOptions {
  v1::FieldKind kind = v1::FIELD_KIND_TEXT;
  int max_candidates = 4;
  // Registering office of the book, as Book.place says: most of its people live there. Empty =
  // unknown.
  std::string office;
  // Whether words of lists are looked for. Texts of unknown origin, as those that a network is
  // measured by, are read without.
  bool words = true;
};

// Reads the lines of one value. One engine, one thread: each worker owns one.
class Recognizer {
 public:
  virtual ~Recognizer() = default;
  // The lines follow each other and are of one hand, that of the widest: what is expected in the
  // value is expected over their ends, which become blanks. Best first; empty = no ink.
  virtual absl::StatusOr<std::vector<v1::Candidate>> Read(const std::vector<WrittenLine>& lines,
                                                          const ReadOptions& options) = 0;
  // "vie@<12 hex of the traineddata's SHA-256>", saved with each reading.
  virtual std::string Model() const = 0;
};

// NOT_FOUND when the network that the settings name is not on this machine, with the package or
// file to install.
absl::Status FindNetwork(const v1::ReadSettings& settings);

// Handwriting is read by `models`/vie_register.traineddata where that exists, type by it and the
// network that the settings name together; `models`/language/*.lm say what fields of each kind
// hold. Empty `models` = only the settings' network, every text as likely. NOT_FOUND as
// FindNetwork.
absl::StatusOr<std::unique_ptr<Recognizer>> MakeTesseractRecognizer(
    const v1::ReadSettings& settings, const std::filesystem::path& models = {});

// One box of a zone: its picture and where writing is expected in it.
struct ZoneBox {
  cv::Mat picture;  // grey or BGR
  double dpi = 0;
  // Where the writing's baseline is expected, from the top of `picture`; 0 = unknown: the picture
  // is one line, and none of it is a neighbour's.
  double baseline_px = 0;
  // Columns at either end that show what stands beside the field, where only a ruling parts it from
  // its neighbours: writing may run over it. 0 = the picture ends with the field; together less
  // than its width.
  int left_px = 0, right_px = 0;
};

// What ink takes of blue, green and red light, as shares of what it takes of them on average: black
// is {1, 1, 1}, blue takes less of blue.
using Tint = cv::Vec3f;

// A text line taken out of dotted leaders, rulings, coloured stamps and neighbours' strokes: dark
// ink (0) on pure white (255), grey. Empty picture = blank box. Confidences are probabilities that
// what they stand beside is right.
struct TextLine {
  cv::Mat picture;              // without struck words, where others stand
  double px_per_mm = 1;         // of `picture`
  double blank_confidence = 0;  // that the box is blank, or that it is not
  double ink_share = 0;         // ink pixels / all pixels of the box
  v1::Hand hand = v1::HAND_UNSPECIFIED;
  double hand_confidence = 0;
  double struck_share = 0;  // of the writing's width; 1 = all
  double strike_confidence = 0;
  std::vector<Tint> tints;  // samples of its ink; none of a grey picture
};
// Of the field alone, cut straight: what stands beside it is left out.
TextLine CleanLine(const ZoneBox& box);

// A line of text on a picture where no form says what stands where.
struct FoundLine {
  cv::Rect box;            // px, with air for marks and tails
  double baseline_px = 0;  // from the top of `box`
};
// Row by row, each from left to right; none on an empty picture. No line goes over an upright
// ruling. Grey or BGR, its rows level within a degree or two.
std::vector<FoundLine> FindLines(const cv::Mat& picture, double dpi);

// Reads all boxes of a zone as one value (lines joined by a blank, two in a box where a clerk
// squeezed them in), cut straight or along the writing, whichever reads surer. Fills candidates,
// literal, hand, blank, strike, their confidences, and warnings. Errors of the engine only.
absl::StatusOr<v1::FieldReading> ReadZone(const std::vector<ZoneBox>& boxes, v1::FieldKind kind,
                                          Recognizer& recognizer, const v1::ReadSettings& settings);

// The same for all zones of an entry, in their order. An entry is mostly of one hand: what is seen
// of it in each field helps to tell it in the others. `office` as in ReadOptions.
struct Zone {
  std::vector<ZoneBox> boxes;
  v1::FieldKind kind = v1::FIELD_KIND_TEXT;
};
absl::StatusOr<std::vector<v1::FieldReading>> ReadZones(const std::vector<Zone>& zones,
                                                        Recognizer& recognizer,
                                                        const v1::ReadSettings& settings,
                                                        const std::string& office = {});

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_LINE_H_
