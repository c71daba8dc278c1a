#include "bench/temporary_station.h"

#include <unistd.h>

#include "service/kinds.h"

namespace hotich::bench {

double Since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TemporaryStation::TemporaryStation(const std::string& models)
    : folder_(std::filesystem::temp_directory_path() /
              ("hotich-bench-" + std::to_string(::getpid()))),
      station_(Must(service::BeginStation({.folder = folder_, .models = models}, clock_))) {}

TemporaryStation::~TemporaryStation() {
  station_.store.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

v1::Book BookOf(const std::string& kind, const std::string& form) {
  const auto known = service::KindOfCode(kind);
  HOTICH_CHECK(known.has_value()) << kind;
  v1::Book book;
  book.set_kind(*known);
  book.set_form(form);
  book.set_place("UBND xã An Bình, huyện Mẫu, tỉnh Mẫu");
  book.set_first_year(1999);
  book.set_last_year(1999);
  book.set_number("01");
  return book;
}

}  // namespace hotich::bench
