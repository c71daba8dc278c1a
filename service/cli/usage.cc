// What a command line that cannot be read is answered with: which word is wrong, and where to find
// the right one. CLI11 alone answers an unknown verb with "A subcommand is required" and lists
// unknown words from the last to the first.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/cli/cli.h"

namespace hotich::cli {
namespace {

// The verb that was understood: "hotich", "hotich book", "hotich book add".
struct Understood {
  const CLI::App* app;
  std::string name;
};

Understood UnderstoodVerb(const CLI::App* app) {
  Understood verb{.app = app, .name = "hotich"};
  while (!verb.app->get_subcommands().empty()) {
    verb.app = verb.app->get_subcommands().front();
    absl::StrAppend(&verb.name, " ", verb.app->get_name());
  }
  return verb;
}

std::string FirstUnknown(const CLI::App* app) {
  for (const std::string& word : app->remaining(/*recurse=*/true)) {
    if (word != "--") return word;
  }
  return "";
}

std::string VerbsOf(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

std::string UsageText(const CLI::App* app, const CLI::Error& error) {
  const Understood verb = UnderstoodVerb(app);
  const std::string unknown = FirstUnknown(app);
  const std::string verbs = VerbsOf(verb.app);
  std::string text = absl::StrCat(verb.name, ": ");
  if (!unknown.empty() && (verbs.empty() || unknown.front() == '-')) {
    absl::StrAppend(&text, "\"", unknown, "\" is not known here");
  } else if (!verbs.empty() &&
             error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError)) {
    absl::StrAppend(
        &text, unknown.empty() ? "which verb?" : absl::StrCat("there is no \"", unknown, "\"."),
        " There are ", verbs);
  } else {
    absl::StrAppend(&text, error.what());
  }
  return absl::StrCat(text, "\nMore: ", verb.name, " --help\n");
}

}  // namespace hotich::cli
