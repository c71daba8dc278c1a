// hotich-samples: draws a register book with its truth.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <map>

#include "base/status.h"
#include "base/textproto.h"
#include "samples/book.h"

namespace {

using hotich::samples::BookHand;
using hotich::samples::BookOptions;
using hotich::samples::Taking;
using hotich::samples::View;

absl::Status Draw(const std::filesystem::path& source, const std::string& form_name,
                  const BookOptions& options, const std::filesystem::path& out) {
  HOTICH_ASSIGN_OR_RETURN(
      const auto form, hotich::LoadTextproto<hotich::v1::FormTemplate>(source / "models" / "forms" /
                                                                       (form_name + ".textproto")));
  HOTICH_ASSIGN_OR_RETURN(const auto resources, hotich::samples::LoadResources(source));
  return hotich::samples::SaveBook(hotich::samples::DrawBook(form, options, resources), out);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Draws a register book of invented people, with its truth.\n"
      "Example: hotich-samples --form ks4_g2 --captures 3 --seed 7 --out book");
  BookOptions options;
  std::string form_name;
  std::string out;
  std::string source = HOTICH_SOURCE_DIR;
  const std::map<std::string, BookHand> hands = {{"handwritten", BookHand::kHandwritten},
                                                 {"typed", BookHand::kTyped},
                                                 {"mixed", BookHand::kMixed}};
  const std::map<std::string, View> views = {{"flatbed", View::kFlatbed},
                                             {"overhead", View::kOverhead}};
  const std::map<std::string, Taking> takings = {{"form", Taking::kForm},
                                                 {"open-book", Taking::kOpenBook}};
  app.add_option("--form", form_name, "Form template of models/forms, e.g. ks4_g2")->required();
  app.add_option("--out", out, "Folder for pictures and truth")->required();
  app.add_option("--captures", options.captures, "How many pictures")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "The same seed gives the same book")
      ->capture_default_str();
  app.add_option("--hand", options.hand, "handwritten, typed or mixed")
      ->transform(CLI::CheckedTransformer(hands));
  app.add_option("--view", options.view, "flatbed or overhead")
      ->transform(CLI::CheckedTransformer(views));
  app.add_option("--taking", options.taking, "form, or open-book: two single pages at once")
      ->transform(CLI::CheckedTransformer(takings));
  app.add_option("--dpi", options.dpi, "Resolution")
      ->check(CLI::Range(50, 600))
      ->capture_default_str();
  app.add_option("--struck", options.struck, "share of written fields struck out, 0 to 1")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--ink", options.ink, "how dark what was written stands there; 0 = the form alone")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--wear", options.wear, "0 = clean and straight, 1 = as bad as books get")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  app.add_option("--source", source, "Folder with models/ and samples/")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Draw(source, form_name, options, out);
  if (status.ok()) return 0;
  std::cerr << "hotich-samples: " << status.message() << std::endl;
  return 1;
}
