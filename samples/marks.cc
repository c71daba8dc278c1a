// Seals and stamps are letters of the print face moved along a circle or a slanted line, thinly
// inked in places. A signature is a smooth curve through points drawn from the signer's name, so
// that one officer signs alike all through a book, with a little unrest each time.
#include "samples/marks.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace hotich::samples {
namespace {

constexpr double kTwoPi = 6.283185307179586;
constexpr double kSealRadius_mm = 18;  // of a commune's seal, 36 mm across by the rules on seals

Colour Red(Random& random) {
  return {.red = random.Uniform(0.78, 0.90),
          .green = random.Uniform(0.12, 0.28),
          .blue = random.Uniform(0.16, 0.30),
          .opacity = random.Uniform(0.45, 0.80)};
}

using Mapping = std::function<cv::Point2d(cv::Point2d)>;

Path Mapped(Path path, const Mapping& map) {
  for (Segment& segment : path) {
    for (size_t i = 0; i < PointCount(segment.kind); ++i)
      segment.points[i] = map(segment.points[i]);
  }
  return path;
}

// The next corner of a polygon that is being built.
Segment At(const Path& path, cv::Point2d corner) {
  return path.empty() ? MoveTo(corner) : LineTo(corner);
}

Path Circle(cv::Point2d centre, double radius) {
  constexpr double kHandle = 0.5522847498;  // a quarter circle as one cubic
  const double h = radius * kHandle;
  const auto at = [&](double x, double y) { return centre + cv::Point2d(x, y); };
  return {MoveTo(at(radius, 0)),
          CubicTo(at(radius, h), at(h, radius), at(0, radius)),
          CubicTo(at(-h, radius), at(-radius, h), at(-radius, 0)),
          CubicTo(at(-radius, -h), at(-h, -radius), at(0, -radius)),
          CubicTo(at(h, -radius), at(radius, -h), at(radius, 0)),
          Close()};
}

Path Star(cv::Point2d centre, double radius, double turn) {
  Path path;
  for (int i = 0; i < 10; ++i) {
    const double r = i % 2 == 0 ? radius : radius * 0.38;
    const double angle = turn - kTwoPi / 4 + kTwoPi * i / 10;
    path.push_back(At(path, centre + r * cv::Point2d(std::cos(angle), std::sin(angle))));
  }
  path.push_back(Close());
  return path;
}

// Letters along a circle, heads outward, their middle at `middle` (0 = top).
void WriteAround(Canvas& canvas, const Face& face, const std::string& text, cv::Point2d centre,
                 double radius, double cap_mm, double middle, const Colour& colour) {
  const double size = cap_mm / face.cap_height();
  const double length = face.Width(text) * size;
  for (const Glyph& glyph : face.Shape(text)) {
    const double along = (glyph.x + glyph.advance / 2) * size - length / 2;
    const double angle = middle + along / radius;
    const cv::Point2d out(std::sin(angle), -std::cos(angle));
    const cv::Point2d right(std::cos(angle), std::sin(angle));
    canvas.Fill(Mapped(glyph.outline,
                       [&](cv::Point2d p) {
                         const double x = (p.x - glyph.x - glyph.advance / 2) * size;
                         return centre + out * (radius - p.y * size) + right * x;
                       }),
                colour);
  }
}

void WriteTurned(Canvas& canvas, const Face& face, const std::string& text, cv::Point2d centre,
                 double cap_mm, double turn, const Colour& colour) {
  const double size = cap_mm / face.cap_height();
  const double width = face.Width(text) * size;
  for (const Glyph& glyph : face.Shape(text)) {
    canvas.Fill(Mapped(glyph.outline,
                       [&](cv::Point2d p) {
                         const double x = p.x * size - width / 2;
                         const double y = p.y * size + cap_mm / 2;
                         return centre + cv::Point2d(x * std::cos(turn) - y * std::sin(turn),
                                                     x * std::sin(turn) + y * std::cos(turn));
                       }),
                colour);
  }
}

// A smooth curve through points (Catmull-Rom as cubics).
Path Through(const std::vector<cv::Point2d>& points) {
  Path path{MoveTo(points.front())};
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const cv::Point2d before = points[i == 0 ? 0 : i - 1];
    const cv::Point2d after = points[std::min(i + 2, points.size() - 1)];
    path.push_back(CubicTo(points[i] + (points[i + 1] - before) / 6,
                           points[i + 1] - (after - points[i]) / 6, points[i + 1]));
  }
  return path;
}

}  // namespace

void DrawSeal(Canvas& canvas, const Faces& faces, const std::string& office, cv::Point2d centre_mm,
              Random& random) {
  const Colour colour = Red(random);
  const double turn = random.Normal(0.25);
  canvas.StrokePath(Circle(centre_mm, kSealRadius_mm - 0.4), {.colour = colour, .width_mm = 0.8});
  canvas.StrokePath(Circle(centre_mm, kSealRadius_mm - 1.4), {.colour = colour, .width_mm = 0.25});
  canvas.StrokePath(Circle(centre_mm, kSealRadius_mm - 6.4), {.colour = colour, .width_mm = 0.3});
  WriteAround(canvas, *faces.print_bold, office, centre_mm, kSealRadius_mm - 5.2, 2.4, turn,
              colour);
  WriteTurned(canvas, *faces.print_bold, "ỦY BAN", centre_mm + cv::Point2d(0, -4.6), 2.0, turn,
              colour);
  canvas.Fill(Star(centre_mm, 4.2, turn), colour);
  WriteTurned(canvas, *faces.print_bold, "NHÂN DÂN", centre_mm + cv::Point2d(0, 5.6), 2.0, turn,
              colour);
}

void DrawStamp(Canvas& canvas, const Faces& faces, const std::string& text, cv::Point2d centre_mm,
               Random& random) {
  const Colour colour = Red(random);
  const double turn = random.Normal(0.06);
  const double cap_mm = random.Uniform(2.8, 3.6);
  const double half_width =
      faces.print_bold->Width(text) * cap_mm / faces.print_bold->cap_height() / 2 + 2.2;
  WriteTurned(canvas, *faces.print_bold, text, centre_mm, cap_mm, turn, colour);
  Path frame;
  for (const cv::Point2d corner : {cv::Point2d(-1, -1), {1, -1}, {1, 1}, {-1, 1}}) {
    const cv::Point2d p(corner.x * half_width, corner.y * (cap_mm / 2 + 2));
    frame.push_back(
        At(frame, centre_mm + cv::Point2d(p.x * std::cos(turn) - p.y * std::sin(turn),
                                          p.x * std::sin(turn) + p.y * std::cos(turn))));
  }
  frame.push_back(Close());
  canvas.StrokePath(frame, {.colour = colour, .width_mm = 0.5});
}

void DrawNameStamp(Canvas& canvas, const Faces& faces, const std::string& name,
                   cv::Point2d centre_mm, Random& random) {
  Colour colour = Red(random);
  if (random.Chance(0.4)) std::swap(colour.red, colour.blue);
  WriteTurned(canvas, *faces.print_bold_italic, name, centre_mm, random.Uniform(2.4, 3.0),
              random.Normal(0.03), colour);
}

void DrawSignature(Canvas& canvas, const Hand& hand, const std::string& signer,
                   const cv::Rect2d& box_mm, Random& random) {
  Random own = Random(0x5167).Fork(signer);
  const double height = std::min(box_mm.height * 0.9, 22.0);
  const double width = std::min(box_mm.width * 0.95, own.Uniform(1.4, 2.6) * height);
  const cv::Point2d start(box_mm.x + (box_mm.width - width) * random.Uniform(0.3, 0.7),
                          box_mm.y + (box_mm.height - height) * random.Uniform(0.3, 0.7));
  // Loops that shrink on their way, the first as tall as a capital.
  const int loops = own.Int(3, 6);
  constexpr int kPointsPerLoop = 7;
  const double phase = own.Uniform(0, kTwoPi);
  const double lean = own.Uniform(0.1, 0.5);
  std::vector<double> heights, widths;
  for (int i = 0; i <= loops; ++i) {
    heights.push_back(height * (i == 0 ? own.Uniform(0.35, 0.5) : own.Uniform(0.06, 0.32)));
    widths.push_back(width * own.Uniform(0.04, 0.16));
  }
  std::vector<cv::Point2d> points;
  for (int i = 0; i <= loops * kPointsPerLoop; ++i) {
    const double turn = static_cast<double>(i) / kPointsPerLoop;
    const auto loop = static_cast<size_t>(turn);
    const double angle = phase + kTwoPi * turn;
    const double up = heights[loop] * std::sin(angle);
    points.push_back(
        start +
        cv::Point2d(width * 0.8 * turn / loops + widths[loop] * std::cos(angle) + lean * up,
                    height * 0.5 - up) +
        cv::Point2d(random.Normal(0.2), random.Normal(0.2)));
  }
  if (own.Chance(0.6)) {  // the flourish back under the name
    points.push_back(start + cv::Point2d(width * 1.0, height * 0.8));
    points.push_back(start + cv::Point2d(width * 0.2, height * 0.95));
    points.push_back(start + cv::Point2d(width * 0.9, height * 0.75));
  }
  Stroke stroke = hand.pen;
  stroke.width_mm = own.Uniform(0.3, 0.5);
  canvas.StrokePath(Through(points), stroke);
}

}  // namespace hotich::samples
