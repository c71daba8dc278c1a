// Spoils a good drawn capture in one way, as people and scanners do it, mild to severe but never so
// mild that the page would still read as well. Same capture, kind and random: same pixels.
#ifndef HOTICH_BENCH_DAMAGE_H_
#define HOTICH_BENCH_DAMAGE_H_

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "samples/book.h"

namespace hotich::bench {

struct Shot {
  cv::Mat picture;
  double dpi = 0;  // as the scanner would say it; 0 = it does not
};

// Kinds are the codes of v1::Judgement.
const std::vector<std::string>& DamageKinds();
Shot Damage(const std::string& kind, const samples::SampleBook& book, size_t capture,
            const samples::Resources& resources, samples::Random random);

// Through JPEG, as a scanner hands it on.
cv::Mat ThroughJpeg(const cv::Mat& picture, double quality);

}  // namespace hotich::bench

#endif  // HOTICH_BENCH_DAMAGE_H_
