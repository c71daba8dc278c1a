#include "capture/scanner/child_main.h"

#include <signal.h>
#include <unistd.h>

#include <climits>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "base/textproto.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
bool BeginChild() {
  ::signal(SIGPIPE, SIG_IGN);  // readers inside drivers write to pipes that a cancel has closed
  ::close_range(kLockFd + 1, UINT_MAX, 0);  // what the parent had open without O_CLOEXEC
  if (::write(kMessagesFd, "", 0) == 0) return true;
  std::cerr << "scanner-child is started by hotich itself, with pipes as its descriptors 3 and 4\n";
  return false;
}

int ChildMain(int argc, char** argv, const std::map<std::string, OpenSource>& sources) {
  if (!BeginChild()) return kBadUsage;
  static ChildLink& link = *new ChildLink;  // never destroyed: its listener reads to the very end
  const auto refuse = [](const std::string& why) {
    link.SendFault(MessageKind::kFault, BareFault("child_failed", why));
    return kBadUsage;
  };
  const std::vector<std::string> words(argv, argv + argc);
  constexpr size_t kBeforeWords = 4;
  const auto source = words.size() >= kBeforeWords ? sources.find(words[2]) : sources.end();
  if (source == sources.end()) {
    return refuse(absl::StrCat(words[0], " does not know ", words.size() > 2 ? words[2] : "that"));
  }
  v1::ScanSettings settings;
  const absl::Status parsed = ParseTextproto(words[3], "settings", settings);
  if (!parsed.ok()) return refuse(std::string(parsed.message()));
  return ServeSheets(link, source->second({words.begin() + kBeforeWords, words.end()}, settings));
}

}  // namespace hotich::scanner
