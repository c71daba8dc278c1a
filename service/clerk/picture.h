// Pictures in terminals that can show them.
#ifndef HOTICH_SERVICE_CLERK_PICTURE_H_
#define HOTICH_SERVICE_CLERK_PICTURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "hotich/v1/geometry.pb.h"

namespace hotich::clerk {

// How the terminal says it shows pictures.
enum class Graphics { kNone, kSixel, kKitty };

// Asks the terminal on standard input and output. kNone when it is none, or says nothing within a
// moment.
Graphics AskGraphics();

// The escape sequences that show the picture file, shrunk to the terminal's width; "" when it
// cannot be read or `graphics` is kNone.
std::string ShowPicture(Graphics graphics, const std::string& file);
// The same for one place of it, px, with a margin around.
std::string ShowRegion(Graphics graphics, const std::string& file, const v1::Polygon& region);

// Sixel data of a grey picture, row by row, in a few levels of grey.
std::string EncodeSixel(const std::vector<uint8_t>& grey, int width);

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_PICTURE_H_
