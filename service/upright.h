// Pages and forms of a capture however it lies: as the operator turned it, or turned upright.
#ifndef HOTICH_SERVICE_UPRIGHT_H_
#define HOTICH_SERVICE_UPRIGHT_H_

#include "service/layout.h"

namespace hotich::service {

// All of the layout but its entries, in px of the capture as stored.
Layout FindUprightPages(const cv::Mat& picture, const LayoutTask& task, Trace& trace);

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_UPRIGHT_H_
