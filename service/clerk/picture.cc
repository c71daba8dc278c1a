// Two protocols cover the terminals that show pictures: kitty's (a PNG in base64 pieces) and DEC's
// sixel (six pixels of a colour to a letter). A terminal is asked both at once, followed by a
// question that every terminal answers, so that silence on the first two costs no waiting. Sixel
// pictures are grey in eight levels: enough for handwriting, and small.
#include "service/clerk/picture.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/picture/picture.h"

namespace hotich::clerk {
namespace {

// A terminal on the same machine answers within a frame; one over a slow line may miss its
// pictures.
constexpr int kAnswer_ms = 300;
constexpr int kGreys = 8;
constexpr int kSixelRows = 6;
// As the kitty protocol prescribes.
constexpr size_t kKittyPiece = 4096;
// When the terminal does not tell its width.
constexpr int kDefaultWidth_px = 1000;
// Neighbouring letters around a field help to read it, share of the field's height.
constexpr double kMargin = 0.3;

std::string ReadAnswer() {
  std::string answer;
  pollfd waited = {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  while (poll(&waited, 1, kAnswer_ms) > 0) {
    char c = 0;
    if (read(STDIN_FILENO, &c, 1) != 1) break;
    answer += c;
    // The end of "ESC [ ? ... c", the answer that always comes.
    if (c == 'c' && answer.find("\x1b[?") != std::string::npos) break;
  }
  return answer;
}

bool SaysSixel(const std::string& answer) {
  const size_t start = answer.find("\x1b[?");
  if (start == std::string::npos) return false;
  const size_t end = answer.find('c', start);
  const std::vector<std::string> features =
      absl::StrSplit(answer.substr(start + 3, end - start - 3), ';');
  return std::find(features.begin(), features.end(), "4") != features.end();
}

int TerminalWidth_px() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_xpixel == 0) return kDefaultWidth_px;
  return size.ws_xpixel;
}

std::string Kitty(const cv::Mat& picture) {
  std::string data;
  absl::Base64Escape(EncodePng(picture).value_or(""), &data);
  std::string text;
  for (size_t i = 0; i < data.size(); i += kKittyPiece) {
    const bool more = i + kKittyPiece < data.size();
    absl::StrAppend(&text, "\x1b_G", i == 0 ? "a=T,f=100," : "", "m=", more ? 1 : 0, ";",
                    data.substr(i, kKittyPiece), "\x1b\\");
  }
  return text + "\n";
}

std::string Show(Graphics graphics, cv::Mat picture) {
  if (picture.empty()) return "";
  const double scale = std::min(1.0, static_cast<double>(TerminalWidth_px()) / picture.cols);
  cv::resize(picture, picture, {}, scale, scale, cv::INTER_AREA);
  if (graphics == Graphics::kKitty) return Kitty(picture);
  const std::vector<uint8_t> pixels(picture.begin<uint8_t>(), picture.end<uint8_t>());
  return EncodeSixel(pixels, picture.cols) + "\n";
}

cv::Mat Load(Graphics graphics, const std::string& file) {
  if (graphics == Graphics::kNone) return {};
  const absl::StatusOr<std::string> bytes = ReadFile(file);
  return bytes.ok() ? DecodePicture(*bytes, Tones::kGrey).value_or(cv::Mat()) : cv::Mat();
}

// A run of the same letter, "!5~" for five.
void AppendRun(std::string& text, char letter, int count) {
  if (count > 3) {
    absl::StrAppend(&text, "!", count, std::string(1, letter));
  } else {
    text.append(count, letter);
  }
}

}  // namespace

Graphics AskGraphics() {
  termios before = {};
  if (isatty(STDOUT_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before) != 0) return Graphics::kNone;
  termios raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
  constexpr absl::string_view kQuestions =
      "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
      "\x1b[c";
  const bool asked = write(STDOUT_FILENO, kQuestions.data(), kQuestions.size()) > 0;
  const std::string answer = asked ? ReadAnswer() : "";
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  if (answer.find("_Gi=31;OK") != std::string::npos) return Graphics::kKitty;
  return SaysSixel(answer) ? Graphics::kSixel : Graphics::kNone;
}

std::string ShowPicture(Graphics graphics, const std::string& file) {
  return Show(graphics, Load(graphics, file));
}

std::string ShowRegion(Graphics graphics, const std::string& file, const v1::Polygon& region) {
  const cv::Mat picture = Load(graphics, file);
  if (picture.empty() || region.points().empty()) return "";
  std::vector<cv::Point2f> corners;
  for (const v1::Point& point : region.points()) corners.emplace_back(point.x(), point.y());
  cv::Rect box = cv::boundingRect(corners);
  const int margin = static_cast<int>(box.height * kMargin);
  box = cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) &
        cv::Rect(0, 0, picture.cols, picture.rows);
  return box.empty() ? "" : Show(graphics, picture(box).clone());
}

std::string EncodeSixel(const std::vector<uint8_t>& grey, int width) {
  const int height = static_cast<int>(grey.size()) / std::max(1, width);
  const auto level = [&](int x, int y) { return grey[y * width + x] * kGreys / 256; };
  std::string text = absl::StrCat("\x1bPq\"1;1;", width, ";", height);
  for (int i = 0; i < kGreys; ++i) {
    const int percent = 100 * i / (kGreys - 1);
    absl::StrAppend(&text, "#", i, ";2;", percent, ";", percent, ";", percent);
  }
  for (int top = 0; top < height; top += kSixelRows) {
    for (int colour = 0; colour < kGreys; ++colour) {
      std::string row;
      char last = 0;
      int run = 0;
      bool used = false;
      for (int x = 0; x < width; ++x) {
        int bits = 0;
        for (int y = top; y < std::min(top + kSixelRows, height); ++y) {
          if (level(x, y) == colour) bits |= 1 << (y - top);
        }
        used |= bits != 0;
        const char letter = static_cast<char>('?' + bits);
        if (letter != last) AppendRun(row, last, std::exchange(run, 0));
        last = letter;
        ++run;
      }
      AppendRun(row, last, run);
      if (used) absl::StrAppend(&text, "#", colour, row, "$");
    }
    text += "-";
  }
  return text + "\x1b\\";
}

}  // namespace hotich::clerk
