// A submission as text, and what a typed line decides. Pure.
#ifndef HOTICH_SERVICE_REVIEW_PAGE_H_
#define HOTICH_SERVICE_REVIEW_PAGE_H_

#include <string>
#include <vector>

#include "hotich/v1/review_service.pb.h"
#include "service/clerk/session.h"

namespace hotich::review {

// What people keyed, in the order and with the numbers of the clerk's screen: without pictures.
std::vector<v1::FieldValue> KeyedFields(const v1::Submission& submission);
// Which entry this is, who handed it in, every field and what the checks say.
std::string SubmissionText(const v1::Submission& submission);
// Whether the entry has this number, as read or as keyed; "33" is the number of "33/1999", too.
bool HasNumber(const v1::Submission& submission, const std::string& number);
// What the machine had read of the keyed field at this index.
std::string MachineText(const v1::Submission& submission, int field);
std::string HelpText();
// What went wrong and what to do now.
std::string RefusalText(const clerk::Refusal& refusal);

enum class Choice { kStay, kApprove, kReject, kSkip, kShowField, kQuit, kHelp };
struct Decision {
  Choice choice = Choice::kStay;
  int field = 0;        // with kShowField, of KeyedFields, from 0
  std::string reason;   // with kReject
  std::string message;  // with kStay: why, Vietnamese
};
// A bare Enter decides nothing: nobody approves by leaning on a key.
Decision Decide(const std::string& line, const v1::Submission& submission);

}  // namespace hotich::review

#endif  // HOTICH_SERVICE_REVIEW_PAGE_H_
