// What the service refuses, in the words of the clerk.
#ifndef HOTICH_SERVICE_CLERK_WORDS_H_
#define HOTICH_SERVICE_CLERK_WORDS_H_

#include <string>

#include "service/clerk/session.h"

namespace hotich::clerk {

// What went wrong and what to do now.
std::string RefusalText(const Refusal& refusal);
// Keys and commands.
std::string HelpText();

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_WORDS_H_
