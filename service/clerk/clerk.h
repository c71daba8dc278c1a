// The terminal client of the desk: shows an entry's fields with candidates, takes corrections,
// submits, gets the next. Speaks gRPC only, so it is also the example for other clients. Vietnamese
// on screen.
#ifndef HOTICH_SERVICE_CLERK_CLERK_H_
#define HOTICH_SERVICE_CLERK_CLERK_H_

#include <stop_token>
#include <string>

namespace hotich::clerk {

struct ClerkOptions {
  // "unix:/path" or "127.0.0.1:port".
  std::string address;
  std::string account;
  // First line is the password. Empty: $HOTICH_PASSWORD, or asked for without echo.
  std::string password_file;
  // Id of the only book to work on; empty = any.
  std::string book;
  // Ends the program as if the person had left.
  std::stop_token stop;
};

// Works until the clerk quits, standard input ends, or (without a terminal) nothing waits any more.
// Exit status of the program: 0 all went well, 1 no session or no server or something stayed
// unsubmitted, 2 bad options.
int ClerkMain(const ClerkOptions& options);

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_CLERK_H_
