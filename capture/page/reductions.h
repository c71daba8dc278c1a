// A capture averaged by whole factors: pages are looked at again and again while they are found,
// and averaging is most of what a look costs. Not part of the room's contract.
#ifndef HOTICH_CAPTURE_PAGE_REDUCTIONS_H_
#define HOTICH_CAPTURE_PAGE_REDUCTIONS_H_

#include <map>
#include <opencv2/core.hpp>
#include <utility>

#include "hotich/v1/geometry.pb.h"

namespace hotich::page {

// Each is made when first asked for. Cells are factor x factor px, counted from the capture's upper
// left; what is left over to the right and below is not in them. For one thread.
class Reductions {
 public:
  // `capture` is borrowed pixels, 8-bit grey or BGR.
  explicit Reductions(cv::Mat capture) : capture_(std::move(capture)) {}
  const cv::Mat& capture() const { return capture_; }
  // 1 = the capture itself; no more than its sides.
  const cv::Mat& By(int factor);

 private:
  cv::Mat capture_;
  std::map<int, cv::Mat> averaged_;
};

// What RenderPage gives.
cv::Mat LookAtPage(Reductions& capture, const v1::PageTransform& transform, double dpi);

}  // namespace hotich::page

#endif  // HOTICH_CAPTURE_PAGE_REDUCTIONS_H_
