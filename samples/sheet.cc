// Print first, then entry by entry as an officer fills it: value by value into the boxes of its
// zone, broken at blanks, written smaller when it does not fit and running over the border when
// even that is not enough. Where a box holds printed words ("ngày ... tháng ... năm ..."), only
// what lies between them is written.
#include "samples/sheet.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "samples/marks.h"

namespace hotich::samples {
namespace {

constexpr double kPrintRule_mm = 0.18;   // thin rule of a printing press
constexpr double kRecordRule_mm = 0.38;  // between the records of a ledger, and its frame
constexpr double kLeaderStep_mm = 0.97;  // full stops of an 11 point serif
constexpr double kLeaderDot_mm = 0.32;
constexpr double kBaselineShare = 0.8;     // of a box, from its top (see form.proto)
constexpr double kXHeightShare = 0.33;     // of a box: what a line of that pitch is written in
constexpr double kTypedXHeight_mm = 1.75;  // pica type, ten characters an inch
constexpr double kSmallestShare = 0.55;    // people do not write smaller, they run over
const Colour kPrintInk = {.red = 0.16, .green = 0.15, .blue = 0.16};

cv::Rect2d RectOf(const v1::Box& box, double record_top_mm) {
  return {box.x(), box.y() + record_top_mm, box.width(), box.height()};
}

const Face& FaceOf(const v1::Label& label, const Faces& faces) {
  if (label.bold()) return label.italic() ? *faces.print_bold_italic : *faces.print_bold;
  return label.italic() ? *faces.print_italic : *faces.print;
}

double LabelSize(const v1::Label& label, const Face& face) {
  return label.cap_height_mm() / face.cap_height();
}

double LabelWidth_mm(const v1::Label& label, const Faces& faces) {
  const Face& face = FaceOf(label, faces);
  return face.Width(label.text()) * LabelSize(label, face);
}

void PrintLabel(Canvas& canvas, const v1::Label& label, const Faces& faces) {
  const Face& face = FaceOf(label, faces);
  const double size = LabelSize(label, face);
  const double left =
      label.centred() ? label.x_mm() - LabelWidth_mm(label, faces) / 2 : label.x_mm();
  for (Glyph& glyph : face.Shape(label.text())) {
    for (Segment& segment : glyph.outline) {
      for (size_t i = 0; i < PointCount(segment.kind); ++i) {
        segment.points[i] = cv::Point2d(left, label.baseline_mm()) + segment.points[i] * size;
      }
    }
    canvas.Fill(glyph.outline, kPrintInk);
  }
}

// The frame of a ledger and the borders of its records are printed bolder than its writing lines.
bool IsRecordBorder(const v1::FormTemplate& form, const v1::FormPage& page,
                    const v1::Ruling& ruling) {
  constexpr double kSame_mm = 0.1;
  const v1::RecordLayout& record = form.record();
  if (record.records() < 2) return false;
  if (ruling.x0() == ruling.x1()) {
    return std::none_of(page.rulings().begin(), page.rulings().end(),
                        [&](const v1::Ruling& other) {
                          return other.x0() == other.x1() && other.x0() < ruling.x0();
                        }) ||
           std::none_of(page.rulings().begin(), page.rulings().end(), [&](const v1::Ruling& other) {
             return other.x0() == other.x1() && other.x0() > ruling.x0();
           });
  }
  const double height = record.line_pitch_mm() * record.lines_per_record();
  for (int i = 0; i <= record.records(); ++i) {
    if (std::abs(record.top_mm() + i * height - ruling.y0()) < kSame_mm) return true;
  }
  return std::none_of(page.rulings().begin(), page.rulings().end(), [&](const v1::Ruling& other) {
    return other.y0() == other.y1() && other.y0() < ruling.y0();
  });
}

void PrintForm(Canvas& canvas, const v1::FormTemplate& form, int page_index, const Faces& faces) {
  const v1::FormPage& page = form.pages(page_index);
  for (const v1::Ruling& ruling : page.rulings()) {
    const double width = IsRecordBorder(form, page, ruling) ? kRecordRule_mm : kPrintRule_mm;
    canvas.StrokeLine({ruling.x0(), ruling.y0()}, {ruling.x1(), ruling.y1()},
                      {.colour = kPrintInk, .width_mm = width});
  }
  for (const v1::Ruling& leader : page.leaders()) {
    canvas.DotLine({leader.x0(), leader.y0()}, {leader.x1(), leader.y1()}, kLeaderStep_mm,
                   {.colour = kPrintInk, .width_mm = kLeaderDot_mm});
  }
  for (const v1::Label& label : page.labels()) PrintLabel(canvas, label, faces);
}

std::vector<std::string> SplitBlanks(const std::string& text) {
  std::vector<std::string> words;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find(' ', start), text.size());
    if (end > start) words.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

// With single blanks and none at its ends.
std::string Trimmed(const std::string& text) {
  std::string trimmed;
  for (const std::string& word : SplitBlanks(text)) trimmed += (trimmed.empty() ? "" : " ") + word;
  return trimmed;
}

// One text in one place.
struct Piece {
  std::string text;
  cv::Rect2d box_mm;
};

// A value broken into lines, and how much smaller than usual it is written.
struct Layout {
  std::vector<Piece> pieces;
  double scale = 1;
};

std::vector<Piece> BreakInto(const std::vector<std::string>& words,
                             const std::vector<cv::Rect2d>& boxes, const Hand& hand,
                             double x_height_mm, double slack) {
  std::vector<Piece> pieces;
  size_t box = 0;
  std::string line;
  for (const std::string& word : words) {
    std::string longer = line;
    if (!longer.empty()) longer += " ";
    longer += word;
    const bool fits = TextWidth_mm(hand, longer, x_height_mm) <= boxes[box].width * slack;
    if (!fits && !line.empty() && box + 1 < boxes.size()) {
      pieces.push_back({line, boxes[box++]});
      line = word;
    } else {
      line = std::move(longer);
    }
  }
  if (!line.empty()) pieces.push_back({line, boxes[box]});
  return pieces;
}

bool AllFit(const std::vector<Piece>& pieces, const Hand& hand, double x_height_mm, double slack) {
  return std::all_of(pieces.begin(), pieces.end(), [&](const Piece& piece) {
    return TextWidth_mm(hand, piece.text, x_height_mm) <= piece.box_mm.width * slack;
  });
}

// "05/6/1999" in a narrow column becomes "05/6/" and "1999".
void BreakDates(std::vector<std::string>& words, double width_mm, const Hand& hand,
                double x_height_mm) {
  for (size_t i = 0; i < words.size(); ++i) {
    const size_t at = words[i].find_last_of("/-.");
    const bool breaks = at != std::string::npos && at > 0 && at + 1 < words[i].size();
    if (!breaks || TextWidth_mm(hand, words[i], x_height_mm) <= width_mm) continue;
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words[i].substr(at + 1));
    words[i].resize(at + 1);
  }
}

Layout LayOut(const std::string& text, const std::vector<cv::Rect2d>& boxes, const Hand& hand,
              double x_height_mm) {
  constexpr double kStep = 0.06;      // people shrink by feel, not to the tenth
  constexpr double kRunsOver = 1.06;  // a little over the border bothers nobody
  constexpr double kReadable = 0.75;  // rather two lines than smaller than this
  std::vector<std::string> words = SplitBlanks(text);
  if (boxes.size() > 1) BreakDates(words, boxes[0].width, hand, x_height_mm * kReadable);
  Layout layout;
  for (layout.scale = 1; layout.scale > kSmallestShare; layout.scale -= kStep) {
    layout.pieces = BreakInto(words, boxes, hand, x_height_mm * layout.scale, kRunsOver);
    if (AllFit(layout.pieces, hand, x_height_mm * layout.scale, kRunsOver)) return layout;
  }
  return layout;
}

// The gaps between the printed words of a box take the words of `text` between the same words.
Layout BetweenPrinted(const std::string& text, const cv::Rect2d& box, const v1::FormPage& page,
                      const Faces& faces) {
  std::vector<const v1::Label*> inside;
  for (const v1::Label& label : page.labels()) {
    const cv::Point2d start(label.x_mm() + 0.1, label.baseline_mm());
    if (!label.centred() && box.contains(start)) inside.push_back(&label);
  }
  std::sort(inside.begin(), inside.end(),
            [](const auto* a, const auto* b) { return a->x_mm() < b->x_mm(); });
  Layout layout;
  if (inside.empty()) return layout;
  size_t from = text.find(inside[0]->text());
  if (from == std::string::npos) return layout;
  if (from > 0) {  // "14 giờ 30 phút" starts with a gap
    const double right = inside[0]->x_mm();
    layout.pieces.push_back(
        {Trimmed(text.substr(0, from)), {box.x, box.y, right - box.x, box.height}});
  }
  for (size_t i = 0; i < inside.size(); ++i) {
    const size_t at = text.find(inside[i]->text(), from);
    if (at == std::string::npos) return {};
    const size_t start = at + inside[i]->text().size();
    const size_t next =
        i + 1 < inside.size() ? text.find(inside[i + 1]->text(), start) : text.size();
    if (next == std::string::npos) return {};
    const double left = inside[i]->x_mm() + LabelWidth_mm(*inside[i], faces);
    const double right = i + 1 < inside.size() ? inside[i + 1]->x_mm() : box.x + box.width;
    layout.pieces.push_back(
        {Trimmed(text.substr(start, next - start)), {left, box.y, right - left, box.height}});
    from = start;
  }
  return layout;
}

// As a reader of the lines would write them down: a date broken over two lines has a blank in it.
std::string JoinLines(const std::vector<WrittenLine>& lines) {
  std::string text;
  for (const WrittenLine& line : lines) text += (text.empty() ? "" : " ") + line.text;
  return text;
}

// Puts `text` into its box: where people start, not where a machine would.
WrittenLine WritePiece(Canvas& canvas, const Hand& hand, const Piece& piece, double x_height_mm,
                       Random& random) {
  const double spare = piece.box_mm.width - TextWidth_mm(hand, piece.text, x_height_mm);
  const double indent = spare > 0 ? std::min(spare * random.Uniform(0.05, 0.5), 6.0) : 0.2;
  const double drift = random.Normal(hand.kind == HandKind::kTyped ? 0.35 : 0.25);
  const cv::Point2d start(piece.box_mm.x + indent,
                          piece.box_mm.y + piece.box_mm.height * kBaselineShare + drift);
  return WriteLine(canvas, hand, piece.text, start, x_height_mm, random);
}

// What a tired officer writes instead of `word`: one figure wrong, or only the start of the word.
std::string Slip(const std::string& word, Random& random) {
  std::string slip = word;
  for (size_t i = slip.size(); i-- > 0;) {
    if (slip[i] < '0' || slip[i] > '9') continue;
    slip[i] = static_cast<char>('0' + (slip[i] - '0' + random.Int(1, 9)) % 10);
    return slip;
  }
  std::u32string letters = CodePoints(word);
  letters.resize(std::max<size_t>(1, letters.size() - 1));
  return FromCodePoints(letters);
}

// Began with a slip, struck it, and starts again behind it.
std::string StrikeSlip(Canvas& canvas, const Hand& hand, Piece& piece, double x_height_mm,
                       Random& random) {
  std::string word = Slip(piece.text.substr(0, piece.text.find(' ')), random);
  const WrittenLine line = WritePiece(canvas, hand, {word, piece.box_mm}, x_height_mm, random);
  StrikeOut(canvas, hand, line.ink_mm, random);
  const double used = line.ink_mm.x + line.ink_mm.width + 1.5 - piece.box_mm.x;
  piece.box_mm.x += used;
  piece.box_mm.width -= used;
  return word;
}

WrittenField WriteZone(Canvas& canvas, const v1::FormTemplate& form, const v1::Zone& zone,
                       double record_top_mm, const FieldText& text, const Hand& hand,
                       const Faces& faces, const SheetPlan& plan, Random& random) {
  WrittenField field{.record = 0,
                     .zone = zone.name(),
                     .literal = text.literal,
                     .value = text.value,
                     .struck = "",
                     .lines = {}};
  Random strike = random.Fork("strike");
  const bool struck = strike.Chance(plan.struck);
  if (text.literal.empty()) return field;
  std::vector<cv::Rect2d> boxes;
  for (const v1::Box& box : zone.boxes()) boxes.push_back(RectOf(box, record_top_mm));
  // A column for men and one for women: one of the two is written in.
  if (zone.kind() == v1::FIELD_KIND_SEX && boxes.size() == 2)
    boxes = {boxes[text.value == "1" ? 0 : 1]};
  const double usual =
      hand.kind == HandKind::kTyped ? kTypedXHeight_mm : boxes[0].height * kXHeightShare;
  Layout layout = BetweenPrinted(text.literal, boxes[0], form.pages(zone.page()), faces);
  const bool printed_between = !layout.pieces.empty();
  if (!printed_between) layout = LayOut(text.literal, boxes, hand, usual);
  const double x_height = usual * layout.scale;
  Piece& first = layout.pieces.front();
  const double needed = TextWidth_mm(hand, first.text, x_height);
  const bool has_room = layout.pieces.size() == 1 && first.box_mm.width > 2.2 * needed + 3;
  const bool slips =
      has_room && hand.kind == HandKind::kHandwritten && random.Chance(0.10 * plan.wear);
  if (slips || (has_room && struck && strike.Chance(0.5))) {
    field.struck = StrikeSlip(canvas, hand, first, x_height, random);
  }
  for (const Piece& piece : layout.pieces) {
    if (piece.text.empty()) continue;
    field.lines.push_back(WritePiece(canvas, hand, piece, x_height, random));
  }
  if (!printed_between) field.literal = JoinLines(field.lines);
  field.crossed_out = struck && field.struck.empty();
  for (const WrittenLine& line : field.lines) {
    if (field.crossed_out) CrossOut(canvas, hand, line.ink_mm, strike);
  }
  return field;
}

// Whose signature a picture zone takes: the person of this field, else the officer.
const std::map<std::string, std::string> kSigners = {
    {"chuKyNguoiDiKhai", "nycHoTen"}, {"chuKyChong", "chongHoTen"},
    {"chuKyVo", "voHoTen"},           {"chuKyNguoiThucHien", "nguoiThucHien"},
    {"chuKyBenGiao", "giaoHoTen"},    {"chuKyChaNuoi", "chaNuoiHoTen"},
    {"chuKyMeNuoi", "meNuoiHoTen"}};

void Sign(Canvas& canvas, const v1::Zone& zone, double record_top_mm, const EntryStory& entry,
          const BookStory& book, const Hand& hand, const Faces& faces, Random& random) {
  std::string signer = book.officer;
  const auto known = kSigners.find(zone.name());
  const bool by_officer = known == kSigners.end();
  if (!by_officer) {
    const auto person = entry.fields.find(known->second);
    if (person != entry.fields.end()) signer = person->second.literal;
  }
  const cv::Rect2d box = RectOf(zone.boxes(0), record_top_mm);
  DrawSignature(canvas, hand, signer, box, random);
  constexpr double kRoomForNameStamp_mm = 40;
  if (by_officer && box.height > kRoomForNameStamp_mm && random.Chance(0.5)) {
    DrawNameStamp(canvas, faces, signer,
                  {box.x + box.width / 2, box.y + box.height * random.Uniform(0.55, 0.7)}, random);
  }
}

void StampNotes(Canvas& canvas, const v1::FormTemplate& form, int page, double record_top_mm,
                const std::string& stamp, const Faces& faces, Random& random) {
  for (const v1::Zone& zone : form.zones()) {
    if (zone.name() != "ghiChu" || zone.page() != page) continue;
    const v1::Box& first = zone.boxes(0);
    const v1::Box& last = zone.boxes(zone.boxes_size() - 1);
    const double height = last.y() + last.height() - first.y();
    DrawStamp(canvas, faces, stamp,
              {first.x() + first.width() * random.Uniform(0.45, 0.55),
               record_top_mm + first.y() + height * random.Uniform(0.3, 0.7)},
              random);
  }
}

}  // namespace

Sheet DrawSheet(const v1::FormTemplate& form, const SheetPlan& plan, const BookStory& book,
                const Faces& faces, double dpi, const Random& random, const Random& seal_random) {
  const v1::FormPage& page = form.pages(plan.page);
  const v1::RecordLayout& layout = form.record();
  Canvas canvas({page.width_mm(), page.height_mm()}, dpi);
  PrintForm(canvas, form, plan.page, faces);
  if (plan.seal_edge != SealEdge::kNone) {
    Random seal = seal_random;
    const double x = plan.seal_edge == SealEdge::kLeft ? 0 : page.width_mm();
    DrawSeal(canvas, faces, book.commune, {x, plan.seal_y_mm}, seal);
  }
  const cv::Mat print = canvas.Picture().clone();
  Sheet sheet;
  for (size_t r = 0; r < plan.records.size(); ++r) {
    const FilledRecord& record = plan.records[r];
    const double top_mm = layout.top_mm() + static_cast<double>(r) * layout.line_pitch_mm() *
                                                layout.lines_per_record();
    Random entry_random = random.Fork("record " + std::to_string(r));
    for (const v1::Zone& zone : form.zones()) {
      if (zone.page() != plan.page) continue;
      if (zone.keyed()) continue;
      Random zone_random = entry_random.Fork(zone.name());
      if (zone.kind() == v1::FIELD_KIND_PICTURE) {
        Sign(canvas, zone, top_mm, *record.entry, book, record.hand, faces, zone_random);
        continue;
      }
      WrittenField field =
          WriteZone(canvas, form, zone, top_mm, record.entry->fields.at(zone.name()), record.hand,
                    faces, plan, zone_random);
      field.record = static_cast<int>(r);
      sheet.fields.push_back(std::move(field));
    }
    if (!record.entry->stamp.empty()) {
      Random stamp_random = entry_random.Fork("stamp");
      StampNotes(canvas, form, plan.page, top_mm, record.entry->stamp, faces, stamp_random);
    }
  }
  cv::addWeighted(canvas.Picture(), plan.ink, print, 1 - plan.ink, 0, sheet.ink);
  return sheet;
}

}  // namespace hotich::samples
