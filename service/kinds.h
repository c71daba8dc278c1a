// The letters by which everybody in the trade calls a kind of book: KS, KH, KT, CMC ...
#ifndef HOTICH_SERVICE_KINDS_H_
#define HOTICH_SERVICE_KINDS_H_

#include <optional>
#include <string>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::service {

inline std::string KindCode(v1::BookKind kind) {
  return v1::BookKind_Name(kind).substr(sizeof("BOOK_KIND_") - 1);
}

// Upper or lower case; nullopt for anything else.
inline std::optional<v1::BookKind> KindOfCode(std::string code) {
  for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  v1::BookKind kind = v1::BOOK_KIND_UNSPECIFIED;
  if (!v1::BookKind_Parse("BOOK_KIND_" + code, &kind) || kind == v1::BOOK_KIND_UNSPECIFIED) {
    return std::nullopt;
  }
  return kind;
}

}  // namespace hotich::service

#endif  // HOTICH_SERVICE_KINDS_H_
