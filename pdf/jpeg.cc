// The file format is libjpeg's; the decisions what to spend bits on are made here, on the
// coefficients.
//
// A page of handwriting is nine tenths paper, and paper has grain. An encoder that treats all
// blocks alike may spend most of a tight budget on that grain and blur the strokes. So the grain
// can be dropped: a coefficient of a paper block must then be kDroppedThreshold steps high to be
// kept. The mean of each block always stays: the tone of the paper and its shadows remain as they
// are. The tint of paper never gets more than that; seals and coloured inks do.
//
// The table is much flatter than the one of the JPEG standard, which was tuned on photographs:
// strokes live in the middle frequencies. It is separable in both directions, its slope was found
// on pages of registers by GMSD and MS-SSIM at 96 KB (GMSD of the standard's table is a fifth
// higher).
//
// Progressive with few scans and no successive approximation, because at these sizes nearly all
// levels are 0 and 1 and refining them bit by bit costs 4 % more.
//
// Sizes are estimated from the entropy of the symbols of sequential JPEG on a sample of the blocks.
// Error about 10 %; the caller corrects it by the real size.
#include "pdf/jpeg.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <numbers>

// libjpeg's header needs size_t and FILE before it.
#include <jpeglib.h>

#include <opencv2/imgproc.hpp>

#include "base/status.h"

namespace hotich::pdf {
namespace {

constexpr int kBlock = 8;
constexpr int kCoefficients = 64;

// In steps; 0.5 is plain rounding.
constexpr float kStrokeThreshold = 0.5f;
constexpr float kGrainThreshold = 0.56f;
constexpr float kDroppedThreshold = 1.3f;
constexpr float kTintThreshold = 1.3f;

// Blocks looked at for one estimate; more changes it by less than 1 %.
constexpr int kEstimateBlocks = 12'000;
// Progressive scans with own Huffman tables, against the entropy of sequential symbols. Measured on
// register pages: 0.94 to 1.09.
constexpr double kProgressiveGain = 1.0;
// Markers, tables of quantisation and Huffman codes.
constexpr double kHeaderBytes = 500;

constexpr std::array<int, kCoefficients> kZigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

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
  static const Table luma = MakeTable(16, 3.5);
  static const Table chroma = MakeTable(16, 2.5);
  return plane == 0 ? luma : chroma;
}

// What a decoder multiplies with, zigzag order. Means are coarsened less than details.
std::array<float, kCoefficients> StepsOf(int plane, double step) {
  std::array<float, kCoefficients> steps;
  for (int k = 0; k < kCoefficients; ++k) {
    // The eye sees a wrong mean, as blotches of tint, long before a wrong detail.
    const double scale = k == 0 && step > 1 ? std::sqrt(step) : step;
    const double value = BaseTable(plane)[kZigzag[k]] * scale;
    steps[k] = static_cast<float>(std::clamp(std::lround(value), 1L, 255L));
  }
  return steps;
}

using Basis = std::array<std::array<float, kBlock>, kBlock>;

Basis MakeBasis() {
  Basis basis;
  for (int u = 0; u < kBlock; ++u) {
    const double scale = u == 0 ? std::sqrt(0.125) : 0.5;
    for (int x = 0; x < kBlock; ++x) {
      basis[u][x] = static_cast<float>(scale * std::cos((2 * x + 1) * u * std::numbers::pi / 16));
    }
  }
  return basis;
}

void TransformBlock(const uint8_t* pixels, size_t stride, float* zigzag) {
  static const Basis basis = MakeBasis();
  static const Basis transposed = [] {
    Basis result;
    for (int u = 0; u < kBlock; ++u) {
      for (int x = 0; x < kBlock; ++x) result[x][u] = basis[u][x];
    }
    return result;
  }();
  float rows[kBlock][kBlock];
  for (int y = 0; y < kBlock; ++y) {
    float sum[kBlock] = {};
    for (int x = 0; x < kBlock; ++x) {
      const float value = static_cast<float>(pixels[y * stride + x]) - 128.f;
      for (int u = 0; u < kBlock; ++u) sum[u] += value * transposed[x][u];
    }
    std::copy(sum, sum + kBlock, rows[y]);
  }
  float result[kCoefficients] = {};
  for (int v = 0; v < kBlock; ++v) {
    for (int y = 0; y < kBlock; ++y) {
      const float weight = basis[v][y];
      for (int u = 0; u < kBlock; ++u) result[v * kBlock + u] += weight * rows[y][u];
    }
  }
  for (int k = 0; k < kCoefficients; ++k) zigzag[k] = result[kZigzag[k]];
}

// `unit`: px of the mask that one px of the plane covers.
JpegPlane TransformPlane(const cv::Mat& plane, const cv::Mat& ink, int align_px, int unit) {
  const int wide = (plane.cols + align_px - 1) / align_px * align_px;
  const int high = (plane.rows + align_px - 1) / align_px * align_px;
  cv::Mat padded;
  cv::copyMakeBorder(plane, padded, 0, high - plane.rows, 0, wide - plane.cols,
                     cv::BORDER_REPLICATE);
  JpegPlane result{.blocks_wide = wide / kBlock, .blocks_high = high / kBlock};
  const size_t blocks = static_cast<size_t>(result.blocks_wide) * result.blocks_high;
  result.coefficients.resize(blocks * kCoefficients);
  result.ink.resize(blocks);
  const cv::Rect all(0, 0, ink.cols, ink.rows);
  size_t block = 0;
  for (int y = 0; y < high; y += kBlock) {
    for (int x = 0; x < wide; x += kBlock, ++block) {
      TransformBlock(padded.ptr(y) + x, padded.step, &result.coefficients[block * kCoefficients]);
      const cv::Rect under = cv::Rect(x * unit, y * unit, kBlock * unit, kBlock * unit) & all;
      result.ink[block] = !under.empty() && cv::countNonZero(ink(under)) > 0;
    }
  }
  return result;
}

float ThresholdOf(int plane, bool ink, Grain grain) {
  if (ink) return kStrokeThreshold;
  if (plane > 0) return kTintThreshold;
  return grain == Grain::kKept ? kGrainThreshold : kDroppedThreshold;
}

inline int Quantised(float steps, float threshold) {
  const float height = std::fabs(steps);
  if (height < threshold) return 0;
  const int level = std::max(1, static_cast<int>(std::lround(height)));
  return steps < 0 ? -level : level;
}

// Steps to multiply with and thresholds, for one plane.
struct Quantiser {
  std::array<float, kCoefficients> inverse;
  float on_ink;
  float on_paper;
};

Quantiser MakeQuantiser(int plane, const JpegCoding& coding) {
  Quantiser quantiser{.inverse = {},
                      .on_ink = ThresholdOf(plane, true, coding.grain),
                      .on_paper = ThresholdOf(plane, false, coding.grain)};
  const auto steps = StepsOf(plane, coding.step);
  for (int k = 0; k < kCoefficients; ++k) quantiser.inverse[k] = 1 / steps[k];
  return quantiser;
}

// Block `index` of the plane: AC coefficients rounded by its threshold; DC to the nearest.
void QuantiseBlock(const JpegPlane& plane, size_t index, const Quantiser& quantiser,
                   int16_t* levels) {
  const float* coefficients = &plane.coefficients[index * kCoefficients];
  const float threshold = plane.ink[index] != 0 ? quantiser.on_ink : quantiser.on_paper;
  levels[0] = static_cast<int16_t>(std::lround(coefficients[0] * quantiser.inverse[0]));
  for (int k = 1; k < kCoefficients; ++k) {
    levels[k] = static_cast<int16_t>(Quantised(coefficients[k] * quantiser.inverse[k], threshold));
  }
}

int SizeOf(int level) { return std::bit_width(static_cast<unsigned>(std::abs(level))); }

// Counts of the symbols of sequential JPEG: run of zeros and size of the level; raw bits beside.
struct SymbolCounts {
  std::array<int, 256> ac{};
  std::array<int, 16> dc{};
  double raw_bits = 0;
  int blocks = 0;
};

void CountBlock(const int16_t* levels, int dc_before, SymbolCounts& counts) {
  const int dc_size = SizeOf(levels[0] - dc_before);
  ++counts.dc[dc_size & 15];
  counts.raw_bits += dc_size;
  int last = 0;
  for (int k = 1; k < kCoefficients; ++k) {
    if (levels[k] == 0) continue;
    int run = k - last - 1;
    for (; run > 15; run -= 16) ++counts.ac[0xf0];
    const int size = SizeOf(levels[k]);
    ++counts.ac[run << 4 | size];
    counts.raw_bits += size;
    last = k;
  }
  if (last < kCoefficients - 1) ++counts.ac[0];
  ++counts.blocks;
}

template <size_t kSize>
double EntropyBits(const std::array<int, kSize>& counts) {
  double total = 0;
  for (int count : counts) total += count;
  double bits = 0;
  for (int count : counts) {
    if (count > 0) bits += count * std::log2(total / count);
  }
  return bits;
}

double EstimatePlaneBits(const JpegPlane& plane, const Quantiser& quantiser) {
  const int blocks = static_cast<int>(plane.ink.size());
  // Runs of neighbours, because DC is coded as a difference; spread over the whole plane.
  constexpr int kRun = 16;
  const int stride = std::max(1, blocks / kEstimateBlocks) * kRun;
  SymbolCounts counts;
  int16_t levels[kCoefficients];
  for (int start = 0; start < blocks; start += stride) {
    int dc_before = 0;
    for (int b = start; b < std::min(blocks, start + kRun); ++b) {
      QuantiseBlock(plane, b, quantiser, levels);
      if (b > start || stride == kRun) CountBlock(levels, dc_before, counts);
      dc_before = levels[0];
    }
  }
  if (counts.blocks == 0) return 0;
  const double bits = EntropyBits(counts.ac) + EntropyBits(counts.dc) + counts.raw_bits;
  return bits * blocks / counts.blocks;
}

// Components, first and last coefficient, no successive approximation.
constexpr int kLowFrequencies = 8;
constexpr int kLast = kCoefficients - 1;
constexpr jpeg_scan_info kGreyScans[] = {{1, {0}, 0, 0, 0, 0},
                                         {1, {0}, 1, kLowFrequencies, 0, 0},
                                         {1, {0}, kLowFrequencies + 1, kLast, 0, 0}};
constexpr jpeg_scan_info kColorScans[] = {{3, {0, 1, 2}, 0, 0, 0, 0},
                                          {1, {0}, 1, kLowFrequencies, 0, 0},
                                          {1, {1}, 1, kLast, 0, 0},
                                          {1, {2}, 1, kLast, 0, 0},
                                          {1, {0}, kLowFrequencies + 1, kLast, 0, 0}};

// libjpeg reports by a callback that must not return.
struct ErrorTrap {
  jpeg_error_mgr manager;
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX] = "";
};

void OnError(j_common_ptr info) {
  auto* trap = reinterpret_cast<ErrorTrap*>(info->err);
  trap->manager.format_message(info, trap->message);
  longjmp(trap->jump, 1);
}

void SetUp(jpeg_compress_struct& info, const JpegSource& source, double step) {
  const bool color = source.planes.size() == 3;
  info.image_width = source.width_px;
  info.image_height = source.height_px;
  info.input_components = color ? 3 : 1;
  info.in_color_space = color ? JCS_YCbCr : JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  for (int table = 0; table < (color ? 2 : 1); ++table) {
    std::array<unsigned, kCoefficients> base;
    std::copy(BaseTable(table).begin(), BaseTable(table).end(), base.begin());
    // libjpeg rounds as StepsOf does: (base * percent + 50) / 100.
    const auto steps = StepsOf(table, step);
    for (int k = 0; k < kCoefficients; ++k) {
      base[kZigzag[k]] = static_cast<unsigned>(steps[k]);
    }
    jpeg_add_quant_table(&info, table, base.data(), 100, TRUE);
  }
  if (color) {
    info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 2;
  }
  info.optimize_coding = TRUE;
  info.scan_info = color ? kColorScans : kGreyScans;
  info.num_scans = static_cast<int>(color ? std::size(kColorScans) : std::size(kGreyScans));
}

void FillPlane(jpeg_compress_struct& info, jvirt_barray_ptr array, const JpegPlane& plane,
               const Quantiser& quantiser) {
  size_t block = 0;
  int16_t levels[kCoefficients];
  for (int row = 0; row < plane.blocks_high; ++row) {
    JBLOCKARRAY rows =
        info.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&info), array, row, 1, TRUE);
    for (int column = 0; column < plane.blocks_wide; ++column, ++block) {
      QuantiseBlock(plane, block, quantiser, levels);
      for (int k = 0; k < kCoefficients; ++k) rows[0][column][kZigzag[k]] = levels[k];
    }
  }
}

}  // namespace

JpegSource TransformForJpeg(const cv::Mat& picture, const cv::Mat& ink) {
  JpegSource source{.width_px = picture.cols, .height_px = picture.rows};
  if (picture.channels() == 1) {
    source.planes.push_back(TransformPlane(picture, ink, kBlock, 1));
    return source;
  }
  cv::Mat converted;
  cv::cvtColor(picture, converted, cv::COLOR_BGR2YCrCb);
  std::vector<cv::Mat> planes;
  cv::split(converted, planes);
  source.planes.push_back(TransformPlane(planes[0], ink, 2 * kBlock, 1));
  for (int index : {2, 1}) {  // OpenCV's order is Y, Cr, Cb
    cv::Mat half;
    cv::resize(planes[index], half, cv::Size((picture.cols + 1) / 2, (picture.rows + 1) / 2), 0, 0,
               cv::INTER_AREA);
    source.planes.push_back(TransformPlane(half, ink, kBlock, 2));
  }
  return source;
}

double StepOfQuality(double quality) {
  const double clamped = std::clamp(quality, 1.0, 99.5);
  return clamped < 50 ? 50 / clamped : 2 - clamped / 50;
}

double QualityOfStep(double step) { return step > 1 ? 50 / step : 100 - 50 * step; }

double EstimateJpegBytes(const JpegSource& source, const JpegCoding& coding) {
  double bits = 0;
  for (size_t p = 0; p < source.planes.size(); ++p) {
    bits += EstimatePlaneBits(source.planes[p], MakeQuantiser(static_cast<int>(p), coding));
  }
  return kHeaderBytes + bits * kProgressiveGain / 8;
}

absl::StatusOr<std::string> EncodeJpeg(const JpegSource& source, const JpegCoding& coding) {
  jpeg_compress_struct info{};
  ErrorTrap trap;
  info.err = jpeg_std_error(&trap.manager);
  trap.manager.error_exit = OnError;
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  // Between setjmp and longjmp only libjpeg's frames and plain values stand.
  if (setjmp(trap.jump) != 0) {
    jpeg_destroy_compress(&info);
    free(buffer);
    return absl::InternalError(absl::StrCat("libjpeg refused a picture of ", source.width_px, " x ",
                                            source.height_px, " px: ", trap.message));
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, &buffer, &size);
  SetUp(info, source, coding.step);
  jvirt_barray_ptr arrays[3];
  for (size_t p = 0; p < source.planes.size(); ++p) {
    arrays[p] = info.mem->request_virt_barray(
        reinterpret_cast<j_common_ptr>(&info), JPOOL_IMAGE, FALSE, source.planes[p].blocks_wide,
        source.planes[p].blocks_high, source.planes.size() == 3 && p == 0 ? 2 : 1);
  }
  jpeg_write_coefficients(&info, arrays);
  for (size_t p = 0; p < source.planes.size(); ++p) {
    FillPlane(info, arrays[p], source.planes[p], MakeQuantiser(static_cast<int>(p), coding));
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  free(buffer);
  return bytes;
}

}  // namespace hotich::pdf
