// What strikes a word out is one even stroke along all of it. So the smoothest path through the
// word is sought that leaves ink least (dynamic programming, at a coarse scale): through plain
// writing it runs over paper between the letters. Rulings to write on are such strokes too: they
// lie on the baseline, where letters stand on them and hardly go below.
//
// Seven measures of that path go through two logistic curves: one for each word, and one for their
// means over the line, because who strikes a field out strikes all of its line, and each of its
// words may be in doubt. The first was fitted to the words of 30 drawn books (970 struck of 8,713),
// the second to the lines of 51 (3,842 struck of 33,149) and to 1,140 real ones, both for books
// where one field in thirty is struck out. Of 11 other books 590 of 656 struck fields are seen (32
// as struck in part) and 8 of 44 slips with the right word beside them; 5 of 5,146 plain fields are
// called struck, 4 of 424 real lines of a dozen handwritten words, none of 240 typed ones. A ruling
// that runs from border to border at the baseline or below it is none, though writing hangs across
// it: of 240 composed lines that hang up to 1.9 mm, 210 were told as struck before, none now; of
// 280 struck fields of five drawn books 248 were and are.
#include "ocr/line/strike.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "ocr/line/logistic.h"

namespace hotich::line {
namespace {

constexpr double kScalePxPerMm = 6;   // thin pens are still seen
constexpr double kGapMm = 1.4;        // between words
constexpr double kNarrowestMm = 2.5;  // a shorter word or sign is not told by its stroke
constexpr double kShortestLineMm =
    6;                            // the bar of a 4 or of a mark goes through all of a shorter one
constexpr double kThinMm = 0.75;  // a stroke by itself
constexpr double kNearMm = 1.6;   // a letter that is crossed is seen so far above and below

cv::Mat Coarse(const cv::Mat& ink, double scale) {
  constexpr int kSomeInk = 80;  // of 255: a third of the pixels
  cv::Mat small;
  cv::resize(ink, small, {}, scale, scale, cv::INTER_AREA);
  return small > kSomeInk;
}

std::vector<cv::Range> Words(const cv::Mat& writing, double gap_px) {
  cv::Mat columns;
  cv::reduce(writing, columns, 0, cv::REDUCE_MAX);
  std::vector<cv::Range> words;
  for (int x = 0; x < columns.cols; ++x) {
    if (!columns.at<uchar>(0, x)) continue;
    if (words.empty() || x - words.back().end > gap_px) words.emplace_back(x, x);
    words.back().end = x + 1;
  }
  return words;
}

struct Path {
  std::vector<int> y;
  int white = 0;  // columns in which it leaves the ink
  int moves = 0;
};

// Through `ink` at the columns of a word, within the rows.
Path SmoothestPath(const cv::Mat& ink, const cv::Range& columns, const cv::Range& rows) {
  constexpr double kWhite = 1, kMove = 0.45;
  const int n = columns.size(), h = rows.size();
  cv::Mat cost(h, n, CV_32F), from(h, n, CV_16S, cv::Scalar(0));
  for (int i = 0; i < n; ++i) {
    for (int r = 0; r < h; ++r) {
      const float here = ink.at<uchar>(rows.start + r, columns.start + i) ? 0 : kWhite;
      float best = i == 0 ? 0 : cost.at<float>(r, i - 1);
      for (const int step : {-1, 1}) {
        if (i == 0 || r + step < 0 || r + step >= h) continue;
        const float moved = cost.at<float>(r + step, i - 1) + static_cast<float>(kMove);
        if (moved >= best) continue;
        best = moved;
        from.at<short>(r, i) = static_cast<short>(step);
      }
      cost.at<float>(r, i) = best + here;
    }
  }
  int row = 0;
  for (int r = 1; r < h; ++r) {
    if (cost.at<float>(r, n - 1) < cost.at<float>(row, n - 1)) row = r;
  }
  Path path{.y = std::vector<int>(n)};
  for (int i = n - 1; i >= 0; --i) {
    path.y[i] = rows.start + row;
    if (!ink.at<uchar>(path.y[i], columns.start + i)) ++path.white;
    const int step = from.at<short>(row, i);
    if (step != 0) ++path.moves;
    row += step;
  }
  return path;
}

// Ink in rows [low, high] of a column.
bool Inked(const cv::Mat& ink, int x, double low, double high) {
  const int last = std::min(ink.rows - 1, static_cast<int>(high));
  for (int y = std::max(0, static_cast<int>(std::ceil(low))); y <= last; ++y) {
    if (ink.at<uchar>(y, x)) return true;
  }
  return false;
}

int RunLength(const cv::Mat& ink, int x, int y) {
  if (!ink.at<uchar>(y, x)) return 0;
  int first = y, last = y;
  while (first > 0 && ink.at<uchar>(first - 1, x)) --first;
  while (last + 1 < ink.rows && ink.at<uchar>(last + 1, x)) ++last;
  return last - first + 1;
}

// Where it is by itself; where it crosses a letter, the letter stays.
void EraseStroke(cv::Mat& ink, const WordStroke& word, double thickest_px) {
  const cv::Mat before = ink.clone();
  for (size_t i = 0; i < word.level_px.size(); ++i) {
    const int x = word.columns.start + static_cast<int>(i);
    const int y = std::clamp(static_cast<int>(std::lround(word.level_px[i])), 0, ink.rows - 1);
    if (RunLength(before, x, y) > thickest_px) continue;
    for (const int step : {-1, 1}) {
      for (int at = y; at >= 0 && at < ink.rows && before.at<uchar>(at, x); at += step) {
        ink.at<uchar>(at, x) = 0;
      }
    }
  }
}

double Weighed(const StrikeSigns& signs, const StrikeSigns& weights, double offset) {
  return std::inner_product(signs.begin(), signs.end(), weights.begin(), offset);
}

constexpr size_t kWidth = 4, kWhite = 6;  // among the signs

// As if all words were one: means over their width.
StrikeSigns SignsOfLine(const std::vector<WordStroke>& words) {
  StrikeSigns mean{};
  double all_mm = 0;
  for (const WordStroke& word : words) {
    const double width_mm = std::exp(word.signs[kWidth]);
    all_mm += width_mm;
    for (size_t i = 0; i < mean.size(); ++i) {
      mean[i] += width_mm * (i == kWhite ? word.signs[i] * word.signs[i] : word.signs[i]);
    }
  }
  for (double& sign : mean) sign /= all_mm;
  mean[kWidth] = std::log(all_mm);
  mean[kWhite] = std::sqrt(mean[kWhite]);
  return mean;
}

bool LiesOn(const WordStroke& word, const std::vector<double>& ruling_px, double reach_px) {
  int near = 0;
  for (size_t i = 0; i < word.level_px.size(); ++i) {
    const size_t x = std::min(word.columns.start + i, ruling_px.size() - 1);
    near += std::abs(word.level_px[i] - ruling_px[x]) <= reach_px ? 1 : 0;
  }
  constexpr double kMost = 0.8;
  return near >= kMost * static_cast<double>(word.level_px.size());
}

// Whether the ruling goes on to both borders of the box. What strikes words out ends near them.
bool RunsPast(const cv::Range& words, const cv::Mat& all, const std::vector<double>& ruling_px,
              double px_per_mm) {
  constexpr double kReachMm = 0.3, kLeastMm = 3;  // beside the words, to know
  constexpr double kMost = 0.8;
  int beside = 0, inked = 0;
  for (int x = 0; x < all.cols; ++x) {
    if (x >= words.start && x < words.end) continue;
    const double level = ruling_px[std::min<size_t>(x, ruling_px.size() - 1)];
    ++beside;
    inked += Inked(all, x, level - kReachMm * px_per_mm, level + kReachMm * px_per_mm) ? 1 : 0;
  }
  return beside >= kLeastMm * px_per_mm && inked >= kMost * beside;
}

// A ruling at the baseline or below it is there to write on, even where the writing hangs across.
bool IsToWriteOn(const std::vector<double>& ruling_px, double baseline_px, double px_per_mm) {
  constexpr double kAboveMm = 0.7;  // of the baseline; strokes through small letters run higher
  return !ruling_px.empty() &&
         ruling_px[ruling_px.size() / 2] >= baseline_px - kAboveMm * px_per_mm;
}

}  // namespace

std::vector<WordStroke> FindWordStrokes(const cv::Mat& all, const cv::Mat& own, double baseline_px,
                                        double px_per_mm) {
  const double scale = std::min(1.0, kScalePxPerMm / px_per_mm);
  const double mm = px_per_mm * scale;
  const cv::Mat writing = Coarse(own, scale);
  std::vector<cv::Range> words = Words(writing, kGapMm * mm);
  std::erase_if(words, [&](const cv::Range& word) { return word.size() < kNarrowestMm * mm; });
  if (words.empty()) return {};
  const cv::Mat ink = Coarse(all, scale);
  std::vector<WordStroke> strokes;
  for (const cv::Range& word : words) {
    const cv::Rect box = cv::boundingRect(writing.colRange(word));
    constexpr double kHighest = 0.2, kLowest = 0.85;  // of a word's height a stroke through it runs
    const cv::Range rows(box.y + static_cast<int>(kHighest * box.height),
                         box.y + static_cast<int>(std::ceil(kLowest * box.height)));
    if (rows.size() < 2) continue;
    const Path path = SmoothestPath(ink, word, rows);
    const double n = word.size();
    int thin = 0, above = 0, below = 0;
    double middle = 0;
    for (int i = 0; i < word.size(); ++i) {
      const int x = word.start + i, y = path.y[i];
      const int run = RunLength(ink, x, y);
      thin += run > 0 && run <= kThinMm * mm ? 1 : 0;
      above += Inked(writing, x, y - kNearMm * mm, y - 3) ? 1 : 0;
      below += Inked(writing, x, y + 3, y + kNearMm * mm) ? 1 : 0;
      middle += y / n;
    }
    WordStroke& stroke = strokes.emplace_back();
    stroke.columns = {static_cast<int>(word.start / scale),
                      std::min(all.cols, static_cast<int>(std::ceil(word.end / scale)))};
    for (int x = stroke.columns.start; x < stroke.columns.end; ++x) {
      const int i = std::clamp(static_cast<int>(x * scale) - word.start, 0, word.size() - 1);
      stroke.level_px.push_back((path.y[i] + 0.5) / scale - 0.5);
    }
    constexpr double kMiddleMm = -1.1;  // of small letters, from the baseline
    const double level = baseline_px > 0 ? (middle / scale - baseline_px) / px_per_mm : kMiddleMm;
    stroke.signs = {path.moves / n,
                    thin / n,
                    std::min(above, below) / n,
                    level,
                    std::log(n / mm),
                    std::abs(level - kMiddleMm),
                    std::sqrt(path.white / n)};
  }
  return strokes;
}

double StruckOut(const WordStroke& stroke) {
  // Fitted, see above.
  constexpr double kOffset = 0.262, kRarer = -1.7;
  constexpr StrikeSigns kWeights{-14.4, 0.202, 2.19, -0.41, 0.574, -1.38, -10.1};
  return Logistic(Weighed(stroke.signs, kWeights, kOffset + kRarer));
}

double AllStruckOut(const std::vector<WordStroke>& words) {
  // Fitted, see above.
  constexpr double kOffset = 3.1, kRarer = -1.5;
  constexpr StrikeSigns kWeights{-32.5, 2.59, 1.18, -0.617, 0.304, -2.75, -12.4};
  const StrikeSigns signs = SignsOfLine(words);
  if (signs[kWidth] < std::log(kShortestLineMm)) return 0;
  return Logistic(Weighed(signs, kWeights, kOffset + kRarer));
}

Struck TakeStruckOut(const cv::Mat& all, const cv::Mat& own,
                     const std::vector<std::vector<double>>& rulings_px, double baseline_px,
                     double px_per_mm) {
  constexpr double kNoWord = 0.99;    // right of lines that hold no word wide enough to tell
  constexpr double kAllOfIt = 0.75;   // signs too short to tell are among the rest
  constexpr double kTakenOut = 0.75;  // a word less surely struck is only warned of
  Struck found{.standing = own, .confidence = kNoWord};
  std::vector<WordStroke> words = FindWordStrokes(all, own, baseline_px, px_per_mm);
  if (words.empty()) return found;
  const cv::Range writing(words.front().columns.start, words.back().columns.end);
  for (const std::vector<double>& ruling : rulings_px) {
    if (baseline_px <= 0 || !IsToWriteOn(ruling, baseline_px, px_per_mm)) continue;
    if (!RunsPast(writing, all, ruling, px_per_mm)) continue;
    constexpr double kReachMm = 0.5;  // the path is coarse, rulings bend
    std::erase_if(
        words, [&](const WordStroke& word) { return LiesOn(word, ruling, kReachMm * px_per_mm); });
  }
  if (words.empty()) return found;
  const double whole = AllStruckOut(words);
  std::vector<WordStroke> struck;
  double surest = whole, width = 0, struck_width = 0;
  for (const WordStroke& word : words) {
    const double p = StruckOut(word);
    surest = std::max(surest, p);
    width += word.columns.size();
    if (whole < 0.5 && p < 0.5) continue;
    struck_width += word.columns.size();
    struck.push_back(word);
  }
  found.confidence = struck.empty() ? 1 - surest : surest;
  if (struck.empty()) return found;
  found.share = struck_width / width;
  found.standing = own.clone();
  for (const WordStroke& word : struck) {
    if (found.share >= kAllOfIt) {
      EraseStroke(found.standing, word, kThinMm * px_per_mm);
    } else if (StruckOut(word) >= kTakenOut) {
      found.standing.colRange(word.columns).setTo(0);
    }
  }
  if (found.share >= kAllOfIt) found.share = 1;
  return found;
}

}  // namespace hotich::line
