// What the service says in codes, in the words of the clerk.
#ifndef HOTICH_SERVICE_CLERK_WORDS_H_
#define HOTICH_SERVICE_CLERK_WORDS_H_

#include <string>

#include "hotich/v1/vocabulary.pb.h"
#include "service/clerk/link.h"

namespace hotich::clerk {

// "Khai sinh"
std::string KindName(v1::BookKind kind);
// "(để trống trong sổ)"; "" for a plain text.
std::string MarkName(v1::FieldMark mark);
// By code; the service's own English message when the code has no translation here.
std::string WarningText(const v1::Warning& warning);
// What went wrong and what to do now.
std::string RefusalText(const Refusal& refusal);
// Keys and commands.
std::string HelpText();

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_WORDS_H_
