#include "bench/judging.h"

#include <cstdio>
#include <ctime>

namespace hotich::bench {

v1::Quality Judge(const Shot& shot, const page::PagePrior& prior, Cost& cost) {
  constexpr double kFlatDpi = 150;  // as the pipeline judges
  const std::vector<v1::Page> pages =
      page::FindPages(shot.picture, shot.dpi, v1::SplitSettings(), prior);
  std::vector<cv::Mat> flat;
  for (const v1::Page& page : pages) flat.push_back(page::RenderPage(shot.picture, page, kFlatDpi));
  const std::clock_t start = std::clock();
  v1::Quality quality = page::JudgeQuality(shot.picture, pages, flat, kFlatDpi);
  cost.seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  ++cost.captures;
  return quality;
}

page::PagePrior PriorOf(const v1::FormTemplate& form) {
  return {.page_count = form.pages_size() == 2 ? 2 : 0,
          .page_width_mm = form.pages(0).width_mm(),
          .page_height_mm = form.pages(0).height_mm()};
}

std::string Tally::Line() const {
  char text[64];
  std::snprintf(text, sizeof(text), "%3d of %3d (%.1f %%)", wrong, tried,
                tried > 0 ? 100.0 * wrong / tried : 0.0);
  return text;
}

}  // namespace hotich::bench
