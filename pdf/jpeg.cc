// The file format is libjpeg's; what to spend bits on is decided in quantise.cc, on the
// coefficients.
//
// Progressive with few scans and no successive approximation, because at these sizes nearly all
// levels are 0 and 1 and refining them bit by bit costs 4 % more.
//
// Sizes are estimated from the entropy of the symbols of sequential JPEG on a sample of the blocks.
// Error about 10 %; the caller corrects it by the real size.
#include "pdf/jpeg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <numbers>

// libjpeg's header needs size_t and FILE before it.
#include <jpeglib.h>

#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>

#include "base/status.h"
#include "pdf/picture.h"
#include "pdf/quantise.h"

namespace hotich::pdf {
namespace {

// Progressive scans with own Huffman tables and levels worth their bits, against the entropy of
// plainly rounded levels. Measured on register pages: 0.85 to 0.97.
constexpr double kProgressiveGain = 0.91;
// Markers, tables of quantisation and Huffman codes.
constexpr double kHeaderBytes = 500;

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

void TransformBlock(const uint8_t* pixels, size_t stride, int16_t* zigzag) {
  static const Basis basis = MakeBasis();
  static const Basis transposed = [] {
    Basis result;
    for (int u = 0; u < kBlock; ++u) {
      for (int x = 0; x < kBlock; ++x) result[x][u] = basis[u][x];
    }
    return result;
  }();
  // Eight frequencies at a time, in two halves.
  float rows[kBlock][kBlock];
  for (int y = 0; y < kBlock; ++y) {
    cv::v_float32x4 low = cv::v_setzero_f32(), high = low;
    for (int x = 0; x < kBlock; ++x) {
      const cv::v_float32x4 value =
          cv::v_setall_f32(static_cast<float>(pixels[y * stride + x]) - 128.f);
      low += value * cv::v_load(&transposed[x][0]);
      high += value * cv::v_load(&transposed[x][4]);
    }
    cv::v_store(&rows[y][0], low);
    cv::v_store(&rows[y][4], high);
  }
  float result[kCoefficients];
  for (int v = 0; v < kBlock; ++v) {
    cv::v_float32x4 low = cv::v_setzero_f32(), high = low;
    for (int y = 0; y < kBlock; ++y) {
      const cv::v_float32x4 weight = cv::v_setall_f32(basis[v][y]);
      low += weight * cv::v_load(&rows[y][0]);
      high += weight * cv::v_load(&rows[y][4]);
    }
    cv::v_store(result + v * kBlock, low);
    cv::v_store(result + v * kBlock + 4, high);
  }
  int16_t fixed[kCoefficients];
  const cv::v_float32x4 one = cv::v_setall_f32(kFixedOne);
  for (int k = 0; k < kCoefficients; k += 8) {
    cv::v_store(fixed + k, cv::v_pack(cv::v_round(cv::v_load(result + k) * one),
                                      cv::v_round(cv::v_load(result + k + 4) * one)));
  }
  for (int k = 0; k < kCoefficients; ++k) zigzag[k] = fixed[kZigzag[k]];
}

// Of the pixels of a mask that lie under a block.
bool AnyInk(const uint8_t* mask, size_t stride, int unit) {
  uint64_t any = 0;
  for (int y = 0; y < kBlock * unit; ++y) {
    for (int x = 0; x < unit; ++x) {
      uint64_t eight = 0;
      std::memcpy(&eight, mask + y * stride + x * kBlock, sizeof eight);
      any |= eight;
    }
  }
  return any != 0;
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
  cv::Mat under;
  cv::copyMakeBorder(ink, under, 0, std::max(0, high * unit - ink.rows), 0,
                     std::max(0, wide * unit - ink.cols), cv::BORDER_CONSTANT, cv::Scalar::all(0));
  size_t block = 0;
  for (int y = 0; y < high; y += kBlock) {
    for (int x = 0; x < wide; x += kBlock, ++block) {
      TransformBlock(padded.ptr(y) + x, padded.step, &result.coefficients[block * kCoefficients]);
      result.ink[block] = AnyInk(under.ptr(y * unit) + x * unit, under.step, unit);
    }
  }
  return result;
}

// Components, first and last coefficient, no successive approximation.
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
               const std::vector<int16_t>& levels) {
  const int16_t* level = levels.data();
  for (int row = 0; row < plane.blocks_high; ++row) {
    JBLOCKARRAY rows =
        info.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&info), array, row, 1, TRUE);
    for (int column = 0; column < plane.blocks_wide; ++column) {
      for (int k = 0; k < kCoefficients; ++k) rows[0][column][kZigzag[k]] = *level++;
    }
  }
}

}  // namespace

JpegSource TransformForJpeg(const cv::Mat& picture, const cv::Mat& ink, double lift) {
  JpegSource source{.width_px = picture.cols, .height_px = picture.rows};
  if (picture.channels() == 1) {
    source.planes.push_back(TransformPlane(Crisper(picture, lift), ink, kBlock, 1));
    return source;
  }
  cv::Mat converted;
  cv::cvtColor(picture, converted, cv::COLOR_BGR2YCrCb);
  std::vector<cv::Mat> planes;
  cv::split(converted, planes);
  source.planes.push_back(TransformPlane(Crisper(planes[0], lift), ink, 2 * kBlock, 1));
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

double EstimateJpegBytes(const JpegSource& source, double step) {
  double bits = 0;
  for (size_t p = 0; p < source.planes.size(); ++p) {
    bits += EstimateBits(source.planes[p], static_cast<int>(p), step);
  }
  return kHeaderBytes + bits * kProgressiveGain / 8;
}

absl::StatusOr<std::string> EncodeJpeg(const JpegSource& source, double step) {
  std::vector<std::vector<int16_t>> levels;
  for (size_t p = 0; p < source.planes.size(); ++p) {
    levels.push_back(Quantise(source.planes[p], static_cast<int>(p), step));
  }
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
  SetUp(info, source, step);
  jvirt_barray_ptr arrays[3];
  for (size_t p = 0; p < source.planes.size(); ++p) {
    arrays[p] = info.mem->request_virt_barray(
        reinterpret_cast<j_common_ptr>(&info), JPOOL_IMAGE, FALSE, source.planes[p].blocks_wide,
        source.planes[p].blocks_high, source.planes.size() == 3 && p == 0 ? 2 : 1);
  }
  jpeg_write_coefficients(&info, arrays);
  for (size_t p = 0; p < source.planes.size(); ++p) {
    FillPlane(info, arrays[p], source.planes[p], levels[p]);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  free(buffer);
  return bytes;
}

}  // namespace hotich::pdf
