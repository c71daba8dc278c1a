// The pages of the terminal client as text. Pure.
#ifndef HOTICH_SERVICE_CLERK_SCREEN_H_
#define HOTICH_SERVICE_CLERK_SCREEN_H_

#include <string>

#include "service/clerk/sheet.h"

namespace hotich::clerk {

// Which entry this is, why it came back, how many wait.
std::string HeadText(const v1::WorkItem& item, int waiting);
// The field that is asked for, with what stands there and the candidates.
std::string FieldText(const Sheet& sheet);
// All fields on one page, before handing in.
std::string OverviewText(const Sheet& sheet);
// What the service said of a submission.
std::string SubmittedText(const v1::WorkItem& item, const v1::SubmitResponse& response);

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_SCREEN_H_
