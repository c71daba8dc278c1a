// A printed and filled page, flat and on white: the form's print, the writing of its entries,
// stamps.
#ifndef HOTICH_SAMPLES_SHEET_H_
#define HOTICH_SAMPLES_SHEET_H_

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "hotich/v1/form.pb.h"
#include "samples/hand.h"
#include "samples/story.h"

namespace hotich::samples {

// What was written for a zone of an entry.
struct WrittenField {
  int record = 0;  // of the form, from 0
  std::string zone;
  std::string literal, value;
  std::string struck;              // written before it and struck out
  bool crossed_out = false;        // all of it, and nothing put in its place
  std::vector<WrittenLine> lines;  // page mm
};

struct Sheet {
  cv::Mat ink;  // 8-bit BGR on white
  std::vector<WrittenField> fields;
};

// Who writes each record, and what.
struct FilledRecord {
  const EntryStory* entry = nullptr;
  Hand hand;
};

enum class SealEdge { kNone, kLeft, kRight };

struct SheetPlan {
  int page = 0;  // of the form
  std::vector<FilledRecord> records;
  SealEdge seal_edge = SealEdge::kNone;  // where half of the seam seal lies
  double seal_y_mm = 0;
  double wear = 0.4;  // how often people erred, [0,1]
  double struck = 0;  // share of fields in which more was struck out than that
  double ink = 1;     // of what was written, see BookOptions
};

// `seal_random` is shared by the two pages a seam seal lies on.
Sheet DrawSheet(const v1::FormTemplate& form, const SheetPlan& plan, const BookStory& book,
                const Faces& faces, double dpi, const Random& random, const Random& seal_random);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_SHEET_H_
