// The terminal client of the supervisor: shows what clerks handed in, entry by entry beside its
// picture, and takes the decision. Speaks gRPC only. Vietnamese on screen.
#ifndef HOTICH_SERVICE_REVIEW_REVIEW_H_
#define HOTICH_SERVICE_REVIEW_REVIEW_H_

#include <stop_token>
#include <string>

#include "service/clerk/console.h"
#include "service/clerk/picture.h"

namespace hotich::review {

struct ReviewOptions {
  // "unix:/path" or "127.0.0.1:port".
  std::string address;
  std::string account;
  // First line is the password. Empty: $HOTICH_PASSWORD, or asked for without echo.
  std::string password_file;
  // Id of the only book to review; empty = all.
  std::string book;
  // Entry number ("33/1999", "33"): only the entries with it, approved ones too; empty = all that
  // wait.
  std::string number;
  // Ends the program as if the person had left.
  std::stop_token stop;
};

// Works until nothing waits, the supervisor quits or standard input ends. Exit status of the
// program: 0 all went well, 1 no session or no server, 2 bad options.
int ReviewMain(const ReviewOptions& options);

// The same over any console; the password is known.
int ReviewBook(const ReviewOptions& options, const std::string& password, clerk::Console& console,
               clerk::Graphics graphics);

}  // namespace hotich::review

#endif  // HOTICH_SERVICE_REVIEW_REVIEW_H_
