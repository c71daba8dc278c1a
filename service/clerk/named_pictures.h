// Pictures under names that viewers open.
#ifndef HOTICH_SERVICE_CLERK_NAMED_PICTURES_H_
#define HOTICH_SERVICE_CLERK_NAMED_PICTURES_H_

#include <filesystem>
#include <string>

#include "hotich/v1/desk_service.pb.h"

namespace hotich::clerk {

// The names go with their owner, the pictures stay where they are.
class NamedPictures {
 public:
  NamedPictures() = default;
  NamedPictures(const NamedPictures&) = delete;
  NamedPictures& operator=(const NamedPictures&) = delete;
  ~NamedPictures();

  // A path to the picture that ends in .jpg or .png; the picture's own where none can be made.
  std::string PathTo(const v1::Picture& picture);

 private:
  std::filesystem::path folder_;  // made with the first name
};

}  // namespace hotich::clerk

#endif  // HOTICH_SERVICE_CLERK_NAMED_PICTURES_H_
