// For tests and benches: a folder that goes away with its owner.
#ifndef HOTICH_TESTS_TEMPORARY_FOLDER_H_
#define HOTICH_TESTS_TEMPORARY_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/status.h"

namespace hotich {

class TemporaryFolder {
 public:
  explicit TemporaryFolder(
      const std::filesystem::path& root = std::filesystem::temp_directory_path()) {
    std::string name = (root / "hotich-XXXXXX").string();
    HOTICH_CHECK(mkdtemp(name.data()) != nullptr) << "cannot make " << name;
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace hotich

#endif  // HOTICH_TESTS_TEMPORARY_FOLDER_H_
