// The talk between a program of ours and its scanner child, over two pipes of one machine.
//
// Child to parent, on descriptor 3: messages of one kind byte, a 4-byte length in host order, and
// that many bytes.
//
//   sheet:  kFrame(FrameHeader) kData* kFrameEnd  [more frames: one per colour]  kSheetEnd
//   answer to kNext:  sheet | kNoMore | kTrouble kFault
//   list:   kScannerInfo* kNoMore
//
// Parent to child, on descriptor 4: single bytes, kNext and kCancel. The end of this pipe means:
// give the device back and leave. Descriptor 5 holds the device lock, which so lives as long as the
// child. Both sides are the same program, so structs travel as they lie in memory.
#ifndef HOTICH_CAPTURE_SCANNER_WIRE_H_
#define HOTICH_CAPTURE_SCANNER_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "capture/scanner/frame.h"

namespace hotich::scanner {

inline constexpr int kMessagesFd = 3;
inline constexpr int kCommandsFd = 4;
inline constexpr int kLockFd = 5;

enum class MessageKind : char {
  kReady = 'R',  // the device is open and set as asked
  kFrame = 'F',  // FrameHeader
  kData = 'D',   // bytes of the frame
  kFrameEnd = 'E',
  kSheetEnd = 'S',
  kNoMore = 'N',   // feeder empty, the one flatbed picture taken, or the list complete
  kTrouble = 'T',  // as kFault, told before the driver cleans up, which is when it likes to hang
  kFault =
      'X',  // code, NUL, detail; after the clean-up, and with a better diagnosis if there is one
  kScannerInfo = 'I',  // v1.ScannerInfo; a later one of the same name replaces the earlier
  kAlive = 'A',        // no bytes yet, but working; a camera says why: one CameraSees as a byte
};

enum class Command : char { kNext = 'n', kCancel = 'c' };

struct Message {
  MessageKind kind = MessageKind::kAlive;
  std::string payload;
};

// Longer messages are a broken talk. Drivers deliver up to a few hundred KiB at once.
inline constexpr size_t kMaxPayloadBytes = size_t{1} << 20;

std::string EncodeMessage(MessageKind kind, std::string_view payload);

// Cuts messages out of a stream of bytes.
class MessageReader {
 public:
  void Append(std::string_view bytes) { buffer_.append(bytes); }
  // nullopt: more bytes are needed. DATA_LOSS: this is not our protocol.
  absl::StatusOr<std::optional<Message>> Take();

 private:
  std::string buffer_;
  size_t begin_ = 0;  // first byte not yet taken
};

std::string EncodeFrameHeader(const FrameHeader& header);
std::optional<FrameHeader> DecodeFrameHeader(std::string_view payload);

// A fault crosses the pipe as its code and its detail; the parent adds which device it was.
std::string EncodeFault(const std::string& code, const std::string& detail);
absl::Status DecodeFault(std::string_view payload, const std::string& what);

}  // namespace hotich::scanner

#endif  // HOTICH_CAPTURE_SCANNER_WIRE_H_
