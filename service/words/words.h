// What the program says in codes, in the words of the people at the scanner and at the desk.
#ifndef HOTICH_SERVICE_WORDS_WORDS_H_
#define HOTICH_SERVICE_WORDS_WORDS_H_

#include <string>

#include "hotich/v1/vocabulary.pb.h"

namespace hotich::words {

// "Khai sinh"
std::string KindName(v1::BookKind kind);
// "(để trống trong sổ)"; "" for a plain text.
std::string MarkName(v1::FieldMark mark);
// Where an entry stands in its book, both counted from 1: "ảnh 3, trường hợp 2".
std::string EntryPlace(int capture, int entry);
// Why a verb was refused, by the reason ("NO_BOOK"), or by the name of the code where there is
// none;
// "" for what has no words here.
std::string RefusalText(const std::string& reason);
// Of a field, a capture or a book, by code, and naming the other field where the message does; the
// English message when the code has no translation here.
std::string WarningText(const v1::Warning& warning);
// The same behind what the message says it is about: "05/1995: thiếu số ...". A field of `entry` is
// named as in the book.
std::string WarningLine(const v1::Warning& warning, const v1::Entry& entry = {});

}  // namespace hotich::words

#endif  // HOTICH_SERVICE_WORDS_WORDS_H_
