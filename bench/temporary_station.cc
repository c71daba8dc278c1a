#include "bench/temporary_station.h"

#include "service/kinds.h"

namespace hotich::bench {

double Since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TemporaryStation::TemporaryStation(const std::string& models)
    : station_(Must(service::BeginStation({.folder = folder_.path(), .models = models}, clock_))) {}

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
