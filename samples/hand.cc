// Handwriting from a font, made restless on five scales: the line climbs or falls, the baseline
// wanders, each letter is turned, sized and set a little differently, its outline is bent by a
// smooth field of its own, and the pen presses unevenly. So no letter comes out twice the same,
// which is what a reader of real hands has to cope with; what a font cannot give (joins, slurred
// tones) is missing.
#include "samples/hand.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/status.h"

namespace hotich::samples {
namespace {

constexpr double kTwoPi = 6.283185307179586;

// Inks of ball pens and fountain pens after some years.
const std::array<Colour, 6> kInks = {{{.red = 0.10, .green = 0.12, .blue = 0.42},    // blue
                                      {.red = 0.13, .green = 0.20, .blue = 0.55},    // light blue
                                      {.red = 0.08, .green = 0.08, .blue = 0.10},    // black
                                      {.red = 0.14, .green = 0.10, .blue = 0.30},    // blue-black
                                      {.red = 0.33, .green = 0.15, .blue = 0.45},    // violet
                                      {.red = 0.36, .green = 0.17, .blue = 0.13}}};  // brown-red

struct Wave {
  cv::Point2d frequency;
  double phase_x = 0, phase_y = 0;
};

// A smooth field of displacements that bends outlines.
struct Bend {
  std::array<Wave, 3> waves;
  double amplitude_mm = 0;

  cv::Point2d operator()(cv::Point2d p) const {
    cv::Point2d moved = p;
    for (const Wave& wave : waves) {
      const double angle = wave.frequency.dot(p);
      moved.x += amplitude_mm * std::sin(angle + wave.phase_x);
      moved.y += amplitude_mm * std::sin(angle + wave.phase_y);
    }
    return moved;
  }
};

Bend PickBend(double x_height_mm, double unrest, Random& random) {
  // Waves of one to three letters: shorter ones tear strokes, longer ones only move them.
  Bend bend{.waves = {}, .amplitude_mm = 0.035 * x_height_mm * unrest};
  for (Wave& wave : bend.waves) {
    const double length_mm = random.Uniform(1.0, 3.0) * x_height_mm;
    const double direction = random.Uniform(0, kTwoPi);
    wave.frequency = cv::Point2d(std::cos(direction), std::sin(direction)) * (kTwoPi / length_mm);
    wave.phase_x = random.Uniform(0, kTwoPi);
    wave.phase_y = random.Uniform(0, kTwoPi);
  }
  return bend;
}

// How one letter is set: turned and sized about its place on the baseline.
struct Setting {
  cv::Point2d shift;
  double cosine = 1, sine = 0, scale = 1;
};

Setting PickSetting(const Hand& hand, double x_height_mm, Random& random) {
  const double turn = random.Normal(0.02 * hand.unrest);
  return {.shift = {random.Normal(0.03 * hand.unrest) * x_height_mm,
                    random.Normal(0.035 * hand.unrest) * x_height_mm},
          .cosine = std::cos(turn),
          .sine = std::sin(turn),
          .scale = 1 + random.Normal(0.04 * hand.unrest)};
}

// The size of type. School scripts have capitals more than twice as tall as an x: those are held
// down, or each line would grow into the one above it.
double SizeOf(const Hand& hand, double x_height_mm) {
  constexpr double kTallestCapital = 2.1;  // in x-heights
  const double by_x = x_height_mm / hand.face->x_height();
  const double by_capital = kTallestCapital * x_height_mm / hand.face->cap_height();
  return hand.size * std::min(by_x, by_capital);
}

Stroke Pressed(const Hand& hand, Random& random) {
  Stroke stroke = hand.pen;
  const double faint =
      hand.kind == HandKind::kTyped ? random.Uniform(0, 0.35) : random.Uniform(0, 0.18);
  stroke.colour.red += (1 - stroke.colour.red) * faint;
  stroke.colour.green += (1 - stroke.colour.green) * faint;
  stroke.colour.blue += (1 - stroke.colour.blue) * faint;
  stroke.width_mm = std::max(0.01, stroke.width_mm * (1 + random.Normal(0.15)));
  return stroke;
}

}  // namespace

absl::StatusOr<Faces> LoadFaces(const std::filesystem::path& folder) {
  Faces faces;
  HOTICH_ASSIGN_OR_RETURN(faces.print, Face::Load(folder / "texgyretermes-regular.otf"));
  HOTICH_ASSIGN_OR_RETURN(faces.print_bold, Face::Load(folder / "texgyretermes-bold.otf"));
  HOTICH_ASSIGN_OR_RETURN(faces.print_italic, Face::Load(folder / "texgyretermes-italic.otf"));
  HOTICH_ASSIGN_OR_RETURN(faces.print_bold_italic,
                          Face::Load(folder / "texgyretermes-bolditalic.otf"));
  HOTICH_ASSIGN_OR_RETURN(faces.typewriter, Face::Load(folder / "texgyrecursor-regular.otf"));
  for (const char* name :
       {"playwrite-vn-200.ttf", "charm-400.ttf", "mali-300.ttf", "patrick-hand-400.ttf",
        "shantell-sans-300.ttf", "sriracha-400.ttf", "playpen-sans-300.ttf"}) {
    HOTICH_ASSIGN_OR_RETURN(std::shared_ptr<const Face> face, Face::Load(folder / name));
    faces.handwriting.push_back(std::move(face));
  }
  return faces;
}

Hand PickHand(const Faces& faces, HandKind kind, Random& random) {
  Hand hand{.kind = kind, .face = faces.typewriter, .pen = {}};
  if (kind == HandKind::kTyped) {
    hand.pen = {.colour = {.red = 0.14, .green = 0.13, .blue = 0.16, .opacity = 0.92},
                .width_mm = random.Uniform(0.04, 0.10)};
    hand.wobble_mm = 0;
    hand.unrest = random.Uniform(0.1, 0.4);
    return hand;
  }
  hand.face = random.Pick(faces.handwriting);
  hand.size = random.Uniform(0.9, 1.2);
  hand.slant = random.Uniform(-0.05, 0.30);
  hand.spacing = random.Uniform(0.92, 1.04);
  hand.word_space = random.Uniform(0.1, 0.45);
  hand.unrest = random.Uniform(0.7, 1.4);
  return OnAnotherDay(hand, random);
}

Hand OnAnotherDay(const Hand& hand, Random& random) {
  Hand day = hand;
  if (hand.kind == HandKind::kTyped) return day;
  // Blue and black pens are the rule; violet and brown-red ones come now and then.
  const size_t ink = random.Chance(0.85) ? static_cast<size_t>(random.Int(0, 3))
                                         : static_cast<size_t>(random.Int(4, 5));
  day.pen = {.colour = kInks[ink], .width_mm = random.Uniform(0.02, 0.13)};
  day.pen.colour.opacity = random.Uniform(0.85, 0.97);
  day.size *= random.Uniform(0.96, 1.04);
  day.slope = random.Normal(0.008);
  day.wobble_mm = random.Uniform(0.08, 0.28);
  return day;
}

double TextWidth_mm(const Hand& hand, const std::string& text, double x_height_mm) {
  const auto blanks = static_cast<double>(std::count(text.begin(), text.end(), ' '));
  return hand.face->Width(text) * SizeOf(hand, x_height_mm) * hand.spacing +
         blanks * hand.word_space * hand.size * x_height_mm;
}

WrittenLine WriteLine(Canvas& canvas, const Hand& hand, const std::string& text,
                      cv::Point2d start_mm, double x_height_mm, Random& random) {
  const double size_mm = SizeOf(hand, x_height_mm);
  const double wander_phase = random.Uniform(0, kTwoPi);
  const double wander_length_mm = random.Uniform(18, 45);
  const double slope = hand.slope + (hand.kind == HandKind::kTyped ? 0 : random.Normal(0.004));
  Bend bend = PickBend(x_height_mm, hand.unrest, random);
  cv::Point2d low(1e9, 1e9), high(-1e9, -1e9);
  double words_mm = 0;  // the blanks so far, beyond the face's own
  bool first = true;
  for (const Glyph& glyph : hand.face->Shape(text)) {
    if (glyph.after_blank && !first) {
      bend = PickBend(x_height_mm, hand.unrest, random);
      words_mm += hand.word_space * hand.size * x_height_mm;
    }
    first = false;
    const Setting set = PickSetting(hand, x_height_mm, random);
    const double along_mm = glyph.x * size_mm * hand.spacing + words_mm;
    const double wander_mm =
        hand.wobble_mm * std::sin(wander_phase + kTwoPi * along_mm / wander_length_mm);
    const cv::Point2d origin =
        start_mm + cv::Point2d(along_mm, wander_mm + slope * along_mm) + set.shift;
    Path outline = glyph.outline;
    for (Segment& segment : outline) {
      for (size_t i = 0; i < PointCount(segment.kind); ++i) {
        cv::Point2d& p = segment.points[i];
        const cv::Point2d local = cv::Point2d(p.x - glyph.x, p.y) * (size_mm * set.scale);
        const cv::Point2d slanted(local.x - hand.slant * local.y, local.y);
        p = bend(origin + cv::Point2d(slanted.x * set.cosine - slanted.y * set.sine,
                                      slanted.x * set.sine + slanted.y * set.cosine));
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
      }
    }
    canvas.FillBroadened(outline, Pressed(hand, random));
  }
  if (low.x > high.x) low = high = start_mm;
  return {.text = text, .ink_mm = cv::Rect2d(low, high), .baseline_mm = start_mm.y};
}

void StrikeOut(Canvas& canvas, const Hand& hand, const cv::Rect2d& ink_mm, Random& random) {
  const double middle = ink_mm.y + ink_mm.height * random.Uniform(0.45, 0.65);
  const double tilt = random.Normal(0.3);
  Path path{MoveTo({ink_mm.x - 0.5, middle + tilt})};
  const cv::Point2d first(ink_mm.x + ink_mm.width * 0.3, middle - random.Uniform(0, 0.8));
  const cv::Point2d second(ink_mm.x + ink_mm.width * 0.6, middle + random.Uniform(0, 0.8));
  const cv::Point2d end(ink_mm.x + ink_mm.width + 0.8, middle - tilt);
  path.push_back(CubicTo(first, second, end));
  Stroke stroke = hand.pen;
  stroke.width_mm = 0.35;
  canvas.StrokePath(path, stroke);
}

void CrossOut(Canvas& canvas, const Hand& hand, const cv::Rect2d& ink_mm, Random& random) {
  if (random.Chance(0.5)) {
    StrikeOut(canvas, hand, ink_mm, random);
    if (random.Chance(0.4)) StrikeOut(canvas, hand, ink_mm, random);
    return;
  }
  const double middle = ink_mm.y + ink_mm.height * random.Uniform(0.45, 0.65);
  const double tilt = random.Normal(0.25);
  const bool typed = hand.kind == HandKind::kTyped && random.Chance(0.5);
  Stroke stroke = hand.pen;
  stroke.width_mm = typed ? 0.3 : random.Uniform(0.2, 0.5);
  canvas.StrokeLine({ink_mm.x - random.Uniform(0, 1.5), middle + (typed ? 0 : tilt)},
                    {ink_mm.br().x + random.Uniform(0, 1.5), middle - (typed ? 0 : tilt)}, stroke);
}

}  // namespace hotich::samples
