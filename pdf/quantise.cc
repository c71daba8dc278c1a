// The table is much flatter than the one of the JPEG standard, which was tuned on photographs:
// strokes live in the middle frequencies. It is separable in both directions, its slope was found
// on pages of registers by GMSD and MS-SSIM at 96 KB (GMSD of the standard's table is a fifth
// higher).
//
// A level is not simply rounded. Rounding up a coefficient of 0.6 steps gains little of the picture
// and may cost six bits, as it ends a run of zeros; the same bits are worth more elsewhere. So the
// levels of a block are chosen together, by dynamic programming over the ends of the runs, for the
// least squared error plus kBitWorth a bit ("trellis quantisation"; Crouse and Ramchandran 1997).
// What a symbol costs is known from a sample of plainly rounded blocks.
#include "pdf/quantise.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <opencv2/core/hal/intrin.hpp>

namespace hotich::pdf {
namespace {

// In steps; 0.5 is plain rounding.
constexpr float kThreshold = 0.5f;
// The tint of paper is a matter of means; seals and coloured inks get all their coefficients.
constexpr float kTintThreshold = 1.3f;
// A bit must gain this much, in squared steps. More saves more, but takes from the contrast of
// faint strokes what it gives to the strong ones.
constexpr float kBitWorth = 0.05f;

// Blocks looked at for one estimate; more changes it by less than 1 %.
constexpr int kEstimateBlocks = 12'000;
// Neighbours in a sample, because means are coded as differences.
constexpr int kSampleRun = 16;

// Quantisation at step 1, natural order.
using Table = std::array<int, kCoefficients>;

// `first` for the mean, twice as much at frequency `doubling` along an axis.
Table MakeTable(double first, double doubling) {
  const auto slope = [&](int frequency) { return 1 + std::pow(frequency / doubling, 2); };
  Table table;
  for (int v = 0; v < kBlock; ++v) {
    for (int u = 0; u < kBlock; ++u) {
      table[v * kBlock + u] = static_cast<int>(std::lround(first * slope(u) * slope(v)));
    }
  }
  return table;
}

const Table& BaseTable(int plane) {
  static const Table luma = MakeTable(16, 2.6);
  static const Table chroma = MakeTable(16, 2.5);
  return plane == 0 ? luma : chroma;
}

// What decides the levels of one plane.
struct Rule {
  std::array<float, kCoefficients> inverse;  // of the steps
  float threshold_on_paper;
};

Rule RuleOf(int plane, double step) {
  Rule rule{.inverse = {}, .threshold_on_paper = plane > 0 ? kTintThreshold : kThreshold};
  const auto steps = StepsOf(plane, step);
  for (int k = 0; k < kCoefficients; ++k) {
    rule.inverse[k] = 1 / (kFixedOne * static_cast<float>(steps[k]));
  }
  return rule;
}

// A block in steps, plainly rounded, and which of its levels are not 0: bit k for the k-th.
struct Block {
  alignas(16) float heights[kCoefficients];
  alignas(16) int16_t levels[kCoefficients];
  uint64_t nonzero = 0;
};

// Half of the time was spent here, so four coefficients at a time. Thresholds are at least 0.5.
void RoundBlock(const JpegPlane& plane, size_t b, const Rule& rule, Block& block) {
  const int16_t* coefficients = &plane.coefficients[b * kCoefficients];
  const cv::v_float32x4 half = cv::v_setall_f32(0.5f);
  const cv::v_float32x4 threshold =
      cv::v_setall_f32(plane.ink[b] != 0 ? kThreshold : rule.threshold_on_paper);
  const auto round_four = [&](const cv::v_int32x4& four, int k) {
    const cv::v_float32x4 height = cv::v_cvt_f32(four) * cv::v_load(&rule.inverse[k]);
    cv::v_store(block.heights + k, height);
    const cv::v_float32x4 absolute = cv::v_abs(height);
    const cv::v_int32x4 level =
        cv::v_trunc(absolute + half) & cv::v_reinterpret_as_s32(absolute >= threshold);
    const cv::v_int32x4 sign = cv::v_shr<31>(cv::v_reinterpret_as_s32(height));
    return (level ^ sign) - sign;
  };
  block.nonzero = 0;
  for (int k = 0; k < kCoefficients; k += 8) {
    cv::v_int32x4 low, high;
    cv::v_expand(cv::v_load(coefficients + k), low, high);
    const cv::v_int16x8 levels = cv::v_pack(round_four(low, k), round_four(high, k + 4));
    cv::v_store(block.levels + k, levels);
    const auto bits = static_cast<uint64_t>(cv::v_signmask(levels != cv::v_setzero_s16()));
    block.nonzero |= bits << k;
  }
  block.levels[0] = static_cast<int16_t>(std::lround(block.heights[0]));
}

int SizeOf(int level) { return std::bit_width(static_cast<unsigned>(std::abs(level))); }

// Coefficients that are coded in one scan: [first, last].
struct Band {
  int first;
  int last;
};

std::vector<Band> BandsOf(int plane) {
  if (plane > 0) return {{1, kCoefficients - 1}};
  return {{1, kLowFrequencies}, {kLowFrequencies + 1, kCoefficients - 1}};
}

constexpr int kEndOfBand = 0x00;
constexpr int kSixteenZeros = 0xf0;

// How often each symbol of a scan occurs: run of zeros and size of the level.
using SymbolCounts = std::array<int, 256>;

uint64_t NonzeroIn(const Block& block, const Band& band) {
  return block.nonzero & (~uint64_t{0} << band.first) &
         (~uint64_t{0} >> (kCoefficients - 1 - band.last));
}

void CountBand(const Block& block, const Band& band, SymbolCounts& counts) {
  int before = band.first - 1;
  for (uint64_t left = NonzeroIn(block, band); left != 0; left &= left - 1) {
    const int k = std::countr_zero(left);
    int run = k - before - 1;
    for (; run > 15; run -= 16) ++counts[kSixteenZeros];
    ++counts[run << 4 | SizeOf(block.levels[k])];
    before = k;
  }
  if (before < band.last) ++counts[kEndOfBand];
}

struct Statistics {
  std::vector<SymbolCounts> bands;
  std::array<int, 16> means{};
  int blocks = 0;
};

Statistics Sample(const JpegPlane& plane, const Rule& rule, const std::vector<Band>& bands) {
  const int blocks = static_cast<int>(plane.ink.size());
  const int stride = std::max(1, blocks / kEstimateBlocks) * kSampleRun;
  Statistics statistics{.bands = std::vector<SymbolCounts>(bands.size())};
  Block block;
  for (int start = 0; start < blocks; start += stride) {
    int mean_before = 0;
    for (int b = start; b < std::min(blocks, start + kSampleRun); ++b) {
      RoundBlock(plane, b, rule, block);
      if (b > start || stride == kSampleRun) {
        ++statistics.means[SizeOf(block.levels[0] - mean_before) & 15];
        for (size_t i = 0; i < bands.size(); ++i) CountBand(block, bands[i], statistics.bands[i]);
        ++statistics.blocks;
      }
      mean_before = block.levels[0];
    }
  }
  return statistics;
}

// Of all symbols with the bits of the levels behind them.
template <size_t kSize>
double Bits(const std::array<int, kSize>& counts) {
  double total = 0;
  for (const int count : counts) total += count;
  double bits = 0;
  for (size_t symbol = 0; symbol < kSize; ++symbol) {
    if (counts[symbol] == 0) continue;
    bits += counts[symbol] * (std::log2(total / counts[symbol]) + (symbol & 15));
  }
  return bits;
}

// Bits of each symbol with the bits of its level; one more count for all, so that a symbol the
// sample lacks is dear but possible.
using SymbolBits = std::array<float, 256>;

SymbolBits BitsOf(const SymbolCounts& counts) {
  double total = counts.size();
  for (const int count : counts) total += count;
  SymbolBits bits;
  for (size_t symbol = 0; symbol < bits.size(); ++symbol) {
    bits[symbol] = static_cast<float>(std::log2(total / (counts[symbol] + 1)) + (symbol & 15));
  }
  return bits;
}

// The best way to write a band up to one of its coefficients.
struct Path {
  int k = 0;  // the coefficient, the last one that is not 0
  int16_t level = 0;
  int before = 0;  // the path it continues
  float cost = 0;
};

// Replaces the levels of the band by those of least cost. A level may stay, go one down, or go.
void ImproveBand(const Band& band, const SymbolBits& bits, Block& block) {
  const float* heights = block.heights;
  int16_t* levels = block.levels;
  std::array<Path, kCoefficients> paths;
  paths[0] = {.k = band.first - 1};
  int count = 1;
  float dropped = 0;  // error when all candidates so far are 0, against what cannot be helped
  float dropped_at[kCoefficients] = {};
  for (uint64_t left = NonzeroIn(block, band); left != 0; left &= left - 1) {
    const int k = std::countr_zero(left);
    const float height = std::fabs(heights[k]);
    const int rounded = std::abs(levels[k]);
    Path best{.k = k, .cost = INFINITY};
    for (int level = std::max(1, rounded - 1); level <= rounded; ++level) {
      const float error =
          (height - static_cast<float>(level)) * (height - static_cast<float>(level));
      const int size = SizeOf(level);
      for (int p = count - 1; p >= 0; --p) {
        const int run = k - paths[p].k - 1;
        const float symbols =
            bits[(run & 15) << 4 | size] + static_cast<float>(run >> 4) * bits[kSixteenZeros];
        const float cost = paths[p].cost + dropped - dropped_at[p] + error + kBitWorth * symbols;
        if (cost < best.cost)
          best = {.k = k, .level = static_cast<int16_t>(level), .before = p, .cost = cost};
      }
    }
    dropped += height * height;
    dropped_at[count] = dropped;
    paths[count++] = best;
  }
  if (count == 1) return;
  int chosen = 0;
  float least = INFINITY;
  for (int p = 0; p < count; ++p) {
    const float end = paths[p].k < band.last ? kBitWorth * bits[kEndOfBand] : 0;
    const float cost = paths[p].cost + dropped - dropped_at[p] + end;
    if (cost < least) {
      least = cost;
      chosen = p;
    }
  }
  std::fill(levels + band.first, levels + band.last + 1, int16_t{0});
  for (int p = chosen; p > 0; p = paths[p].before) {
    levels[paths[p].k] =
        heights[paths[p].k] < 0 ? static_cast<int16_t>(-paths[p].level) : paths[p].level;
  }
}

}  // namespace

std::array<int, kCoefficients> StepsOf(int plane, double step) {
  std::array<int, kCoefficients> steps;
  for (int k = 0; k < kCoefficients; ++k) {
    // The eye sees a wrong mean, as blotches of tint, long before a wrong detail.
    const double scale = k == 0 && step > 1 ? std::sqrt(step) : step;
    const double value = BaseTable(plane)[kZigzag[k]] * scale;
    steps[k] = static_cast<int>(std::clamp(std::lround(value), 1L, 255L));
  }
  return steps;
}

double EstimateBits(const JpegPlane& plane, int index, double step) {
  const Statistics sample = Sample(plane, RuleOf(index, step), BandsOf(index));
  if (sample.blocks == 0) return 0;
  double bits = Bits(sample.means);
  for (const SymbolCounts& counts : sample.bands) bits += Bits(counts);
  return bits * static_cast<double>(plane.ink.size()) / sample.blocks;
}

std::vector<int16_t> Quantise(const JpegPlane& plane, int index, double step) {
  const Rule rule = RuleOf(index, step);
  const std::vector<Band> bands = BandsOf(index);
  const Statistics sample = Sample(plane, rule, bands);
  std::vector<SymbolBits> bits;
  for (const SymbolCounts& counts : sample.bands) bits.push_back(BitsOf(counts));
  std::vector<int16_t> levels(plane.coefficients.size());
  Block block;
  for (size_t b = 0; b < plane.ink.size(); ++b) {
    RoundBlock(plane, b, rule, block);
    for (size_t i = 0; i < bands.size(); ++i) ImproveBand(bands[i], bits[i], block);
    std::copy(block.levels, block.levels + kCoefficients, &levels[b * kCoefficients]);
  }
  return levels;
}

}  // namespace hotich::pdf
