// Printed lines followed point by point across a picture, straight or bent. Not part of the room's
// contract: FindRulings, skew and dewarp are built on it.
#ifndef HOTICH_CAPTURE_PAGE_TRACE_H_
#define HOTICH_CAPTURE_PAGE_TRACE_H_

#include <opencv2/core.hpp>
#include <vector>

namespace hotich::page {

enum class Direction { kHorizontal, kVertical };

struct TraceOptions {
  // Resolution of the picture, dpi.
  double dpi = 100;
  // Shorter lines are left out, mm.
  double min_length_mm = 15;
  // A line goes on behind a break of at most this length, mm.
  double max_gap_mm = 12;
  // Steepest slope followed, as a ratio; raise it for curled pages.
  double max_slope = 0.05;
};

// One line. Points run left to right, or top to bottom, about a millimetre apart, in pixels.
struct Trace {
  std::vector<cv::Point2d> points;
  // Share of the length on which ink was seen, [0,1].
  double support = 0;
  // Mean length of unbroken ink, mm: dots are below one, rulings far above.
  double run_mm = 0;
};

// Solid and dotted lines, strongest first, of what FlattenPaper gives.
std::vector<Trace> TraceLines(const cv::Mat& paper, Direction direction,
                              const TraceOptions& options);

// Runs shorter than this are dots or handwriting, mm. Dots of leaders are under 0.5 mm apart 1 to 2
// mm; a faint ruling on rough paper still holds together for 3 mm and more.
inline constexpr double kSolidRun_mm = 2.2;

inline bool IsSolid(const Trace& trace) { return trace.run_mm >= kSolidRun_mm; }

double LengthOf(const Trace& trace);

// Grey picture whose paper is white everywhere: shading divided out. 8-bit grey.
cv::Mat FlattenPaper(const cv::Mat& picture, double dpi);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_TRACE_H_
