#include "service/cli/out_place.h"

#include <algorithm>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "service/rpc/error.h"

namespace hotich::cli {
namespace {

using std::filesystem::path;

absl::Status Refuse(const std::string& reason, const path& out, const std::string& what) {
  return rpc::Refuse(absl::StatusCode::kInvalidArgument, reason,
                     absl::StrCat("\"", out.string(), "\" ", what));
}

bool IsFolder(const path& folder) {
  std::error_code error;
  return std::filesystem::is_directory(folder.empty() ? path(".") : folder, error);
}

bool IsSame(const path& a, const path& b) {
  std::error_code error;  // as for one that is not there
  return std::filesystem::equivalent(a, b, error) && !error;
}

path Real(const path& name) {
  std::error_code error;
  const path real = std::filesystem::weakly_canonical(name, error);
  return error ? name : real;
}

bool LiesWithin(const path& inner, const path& outer) {
  const path in = Real(inner / ""), out = Real(outer);
  return std::mismatch(out.begin(), out.end(), in.begin(), in.end()).first == out.end();
}

// "crops" of "crops/", which names the same folder.
path WithoutSlash(const path& folder) {
  return folder.has_filename() ? folder : folder.parent_path();
}

}  // namespace

absl::Status CheckOutFile(const path& out, const path& input) {
  std::error_code error;
  if (IsSame(out, input)) return Refuse("OUT_IS_INPUT", out, "is the picture itself");
  const bool there = std::filesystem::exists(out, error);
  if (!out.has_filename() || (there && !std::filesystem::is_regular_file(out, error))) {
    return Refuse("OUT_IS_NO_FILE", out, "is no file that can be written");
  }
  if (!IsFolder(out.parent_path()))
    return Refuse("NO_OUT_FOLDER", out, "is in a folder that is not there");
  return absl::OkStatus();
}

absl::Status CheckOutFolder(const path& out, const std::vector<std::string>& inputs) {
  std::error_code error;
  if (out.empty() || (std::filesystem::exists(out, error) && !IsFolder(out))) {
    return Refuse("OUT_IS_NO_FOLDER", out, "is no folder");
  }
  if (!IsFolder(out) && !IsFolder(WithoutSlash(out).parent_path())) {
    return Refuse("NO_OUT_FOLDER", out, "is in a folder that is not there");
  }
  for (const std::string& input : inputs) {
    // A link's own folder, and that of what it leads to.
    const bool holds = !input.empty() && IsFolder(input)
                           ? LiesWithin(out, input)
                           : IsSame(out, (path(".") / input).parent_path()) ||
                                 IsSame(out, Real(input).parent_path());
    if (holds) return Refuse("OUT_HOLDS_INPUT", out, absl::StrCat("holds the picture ", input));
  }
  return absl::OkStatus();
}

}  // namespace hotich::cli
