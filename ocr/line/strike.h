// Writing that was struck out. Private to ocr/line.
#ifndef HOTICH_OCR_LINE_STRIKE_H_
#define HOTICH_OCR_LINE_STRIKE_H_

#include <array>
#include <opencv2/core.hpp>
#include <vector>

namespace hotich::line {

// What tells a stroke through a word from a way between its letters: share of columns where the
// path moves up or down; where it runs in thin ink; where ink stands above or below, the rarer of
// both; its level over the baseline, mm downwards; logarithm of the word's width in mm; distance
// from the middle of small letters, mm; square root of the share of columns without ink.
using StrikeSigns = std::array<double, 7>;

// A word and the likeliest stroke through all of it. px of the box.
struct WordStroke {
  cv::Range columns;             // of the word
  std::vector<double> level_px;  // middle of the stroke at each of them
  StrikeSigns signs{};
};
// `all`: ink of the box with its printed lines, `own`: the writing in it (255 = ink).
std::vector<WordStroke> FindWordStrokes(const cv::Mat& all, const cv::Mat& own, double baseline_px,
                                        double px_per_mm);

// Probability that the word is struck out.
double StruckOut(const WordStroke& stroke);
// Probability that all words of a line are, which a doubtful stroke through each of them adds up
// to; 0 = the line is too short to tell by this. Not empty.
double AllStruckOut(const std::vector<WordStroke>& words);

struct Struck {
  // The writing without struck words; where none but those are, without the strokes.
  cv::Mat standing;
  double share = 0;       // of the writing's width that is struck out; 1 = all
  double confidence = 0;  // probability that there are struck words, or that there are none
};
// `rulings_px`: heights at each column of the rulings that run along the box. One at the baseline
// or below it is there to write on, even where the writing hangs across it.
Struck TakeStruckOut(const cv::Mat& all, const cv::Mat& own,
                     const std::vector<std::vector<double>>& rulings_px, double baseline_px,
                     double px_per_mm);

}  // namespace hotich::line

#endif  // HOTICH_OCR_LINE_STRIKE_H_
