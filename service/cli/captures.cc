// book turn/no-entries/move/discard/retry: what an operator at a terminal does to one capture of a
// book.
#include <algorithm>

#include "base/status.h"
#include "service/cli/cli.h"
#include "store/refusal.h"

namespace hotich::cli {
namespace {

absl::StatusOr<v1::CaptureView> ViewOf(store::Store& store, const std::string& capture_id) {
  HOTICH_ASSIGN_OR_RETURN(const v1::Capture capture, store.GetCapture(capture_id));
  HOTICH_ASSIGN_OR_RETURN(const std::vector<v1::CaptureView> all,
                          AllCaptures(store, capture.book_id()));
  const auto found = std::find_if(all.begin(), all.end(), [&](const v1::CaptureView& view) {
    return view.capture().capture_id() == capture_id;
  });
  if (found != all.end()) return *found;
  return store::Refuse(store::Reason::kWrongState,
                       "the capture is discarded; move it back into the book first");
}

// Everything else that the operator said of the capture stays.
absl::StatusOr<v1::Capture> Turn(store::Store& store, const std::string& capture_id, int deg,
                                 bool following) {
  HOTICH_ASSIGN_OR_RETURN(const v1::CaptureView view, ViewOf(store, capture_id));
  v1::CaptureAdjustment adjustment = view.adjustment();
  adjustment.set_rotation_deg(deg);
  adjustment.set_stands_as_stored(deg == 0);
  return store.AdjustCapture({}, capture_id, adjustment, following);
}

enum class Entries { kNone, kToBeFound };

// As Turn. HANDED_IN when an entry on it is handed in.
absl::StatusOr<v1::Capture> SayEntries(store::Store& store, const std::string& capture_id,
                                       Entries entries) {
  HOTICH_ASSIGN_OR_RETURN(const v1::CaptureView view, ViewOf(store, capture_id));
  v1::CaptureAdjustment adjustment = view.adjustment();
  adjustment.set_no_entries(entries == Entries::kNone);
  return store.AdjustCapture({}, capture_id, adjustment, /*apply_to_following=*/false);
}

void PrintCapture(const v1::Capture& capture) {
  const std::string state = v1::CaptureState_Name(capture.state());
  PrintLine({{"capture", capture.capture_id()},
             {"position", capture.position()},
             {"state", state.substr(sizeof("CAPTURE_STATE_") - 1)}});
}

using ChangeCapture = std::function<absl::StatusOr<v1::Capture>(store::Store& store)>;

void Apply(Context& context, const ChangeCapture& change) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const absl::StatusOr<v1::Capture> changed = change(*station->store);
  if (!changed.ok()) return Fail(context, changed.status());
  PrintCapture(*changed);
}

}  // namespace

namespace {

// Captures that were set aside wait for a worker again, with all that the operator said of them.
void Retry(Context& context, const std::string& book_id) {
  const std::optional<OpenedBook> opened = OpenBook(context, book_id);
  if (!opened.has_value()) return;
  for (const v1::CaptureView& view : opened->captures) {
    if (view.capture().state() != v1::CAPTURE_STATE_FAILED) continue;
    const absl::StatusOr<v1::Capture> waiting = opened->station.store->AdjustCapture(
        {}, view.capture().capture_id(), view.adjustment(), /*apply_to_following=*/false);
    if (!waiting.ok()) {
      Fail(context, waiting.status());
      continue;
    }
    PrintCapture(*waiting);
  }
}

}  // namespace

void AddCaptureVerbs(CLI::App& book, Context& context) {
  struct Options {
    std::string capture;
    std::string book;
    int deg = 0;
    bool following = false;
    bool undo = false;
    int position = 0;
  };
  auto options = std::make_shared<Options>();

  CLI::App* turn =
      book.add_subcommand("turn", "a capture lies on its side or head: read it turned");
  turn->footer("Example: hotich book turn CAPTURE 90");
  turn->add_option("capture", options->capture, "its id, as `book show` prints it")->required();
  turn->add_option("deg", options->deg, "degrees clockwise; 0 = it stands as it is")
      ->required()
      ->check(CLI::IsMember({0, 90, 180, 270}));
  turn->add_flag("--following", options->following, "the captures after it, too");
  turn->callback([&context, options] {
    Apply(context, [&](store::Store& store) {
      return Turn(store, options->capture, options->deg, options->following);
    });
  });

  CLI::App* no_entries = book.add_subcommand(
      "no-entries", "nothing is registered on a capture: a cover, a blank or the closing page");
  no_entries->footer("Example: hotich book no-entries CAPTURE");
  no_entries->add_option("capture", options->capture, "its id, as `book show` prints it")
      ->required();
  no_entries->add_flag("--undo", options->undo, "look for entries on it again");
  no_entries->callback([&context, options] {
    Apply(context, [&](store::Store& store) {
      return SayEntries(store, options->capture,
                        options->undo ? Entries::kToBeFound : Entries::kNone);
    });
  });

  CLI::App* move = book.add_subcommand(
      "move", "a capture to another place in its book; a discarded one comes back");
  move->footer("Example: hotich book move CAPTURE 12");
  move->add_option("capture", options->capture, "its id, as `book show` prints it")->required();
  move->add_option("position", options->position, "from 1; past the end is the end")
      ->required()
      ->check(CLI::Range(1, 1'000'000));
  move->callback([&context, options] {
    Apply(context, [&](store::Store& store) {
      return store.MoveCapture({}, options->capture, options->position);
    });
  });

  CLI::App* discard =
      book.add_subcommand("discard", "a capture out of its book; its picture is kept");
  discard->footer("Example: hotich book discard CAPTURE");
  discard->add_option("capture", options->capture, "its id, as `book show` prints it")->required();
  discard->callback([&context, options] {
    Apply(context, [&](store::Store& store) -> absl::StatusOr<v1::Capture> {
      HOTICH_RETURN_IF_ERROR(store.DiscardCapture({}, options->capture));
      return store.GetCapture(options->capture);
    });
  });

  CLI::App* retry = book.add_subcommand(
      "retry", "the captures of a book that could not be read wait to be read again");
  retry->footer("Example: hotich book retry ks-1999-01");
  retry->add_option("book", options->book, "book, or the beginning of its id")->required();
  retry->callback([&context, options] { Retry(context, options->book); });
}

}  // namespace hotich::cli
