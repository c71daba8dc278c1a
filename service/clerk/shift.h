// A clerk's shift: entry after entry until the clerk quits or nothing waits.
#ifndef HOTICH_SERVICE_CLERK_SHIFT_H_
#define HOTICH_SERVICE_CLERK_SHIFT_H_

#include "service/clerk/clerk.h"
#include "service/clerk/console.h"
#include "service/clerk/picture.h"

namespace hotich::clerk {

// ClerkMain over any console; the password is known. The exit status.
int WorkShift(const ClerkOptions& options, const std::string& password, Console& console,
              Graphics graphics);

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_SHIFT_H_
