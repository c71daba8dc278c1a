#include "service/clerk/clerk.h"
