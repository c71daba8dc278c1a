// A station names its pictures by their content and nothing else, and desktops choose the viewer by
// the end of a name. So a person is shown a symbolic link beside which nobody else may write: it
// holds nothing of the picture, and whoever may not read the picture may not read it either way.
#include "service/clerk/named_pictures.h"

#include <cstdlib>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace hotich::clerk {
namespace {

std::string EndingOf(const std::string& media_type) {
  if (media_type == "image/jpeg") return ".jpg";
  return media_type == "image/png" ? ".png" : "";
}

std::filesystem::path MakeFolder() {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "hotich-XXXXXX").string();
  return error || mkdtemp(name.data()) == nullptr ? "" : name;
}

}  // namespace

NamedPictures::~NamedPictures() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string NamedPictures::PathTo(const v1::Picture& picture) {
  // Short enough to be read aloud; the few pictures of a shift do not meet in it.
  constexpr size_t kDigits = 12;
  const std::string ending = EndingOf(picture.media_type());
  if (ending.empty()) return picture.file();
  if (folder_.empty()) folder_ = MakeFolder();
  if (folder_.empty()) return picture.file();
  const std::filesystem::path name =
      folder_ / absl::StrCat(picture.sha256().substr(0, kDigits), ending);
  std::error_code error;
  std::filesystem::create_symlink(picture.file(), name, error);
  const bool there = !error || error == std::errc::file_exists;
  return there ? name.string() : picture.file();
}

}  // namespace hotich::clerk
