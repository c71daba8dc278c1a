// What is on a page besides print and writing: seals, rubber stamps, signatures.
#ifndef HOTICH_SAMPLES_MARKS_H_
#define HOTICH_SAMPLES_MARKS_H_

#include <opencv2/core.hpp>
#include <string>

#include "samples/canvas.h"
#include "samples/hand.h"
#include "samples/random.h"

namespace hotich::samples {

// The round red seal of an office, 36 mm across, its name along the rim.
void DrawSeal(Canvas& canvas, const Faces& faces, const std::string& office, cv::Point2d centre_mm,
              Random& random);
// A red box with one line of capitals.
void DrawStamp(Canvas& canvas, const Faces& faces, const std::string& text, cv::Point2d centre_mm,
               Random& random);
// An officer's name stamp: his name in red or blue, no box.
void DrawNameStamp(Canvas& canvas, const Faces& faces, const std::string& name,
                   cv::Point2d centre_mm, Random& random);
// Loops and a flourish inside `box_mm`, the same for the same `signer`.
void DrawSignature(Canvas& canvas, const Hand& hand, const std::string& signer,
                   const cv::Rect2d& box_mm, Random& random);

}  // namespace hotich::samples

#endif  // HOTICH_SAMPLES_MARKS_H_
