#include "capture/scanner/wire.h"

#include <cstring>
#include <type_traits>

#include "base/status.h"
#include "capture/scanner/faults.h"

namespace hotich::scanner {
namespace {

constexpr size_t kHeadBytes = 1 + sizeof(uint32_t);
// Bytes already taken are dropped once they are this many, so that the buffer does not creep.
constexpr size_t kCompactBytes = size_t{1} << 20;

bool IsKind(char c) { return std::string_view("RFDESNTXIA").find(c) != std::string_view::npos; }

}  // namespace

std::string EncodeMessage(MessageKind kind, std::string_view payload) {
  HOTICH_CHECK(payload.size() <= kMaxPayloadBytes) << payload.size();
  const uint32_t size = static_cast<uint32_t>(payload.size());
  std::string bytes(kHeadBytes, '\0');
  bytes[0] = static_cast<char>(kind);
  std::memcpy(bytes.data() + 1, &size, sizeof size);
  bytes.append(payload);
  return bytes;
}

absl::StatusOr<std::optional<Message>> MessageReader::Take() {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  if (rest.size() < kHeadBytes) return std::nullopt;
  uint32_t size = 0;
  std::memcpy(&size, rest.data() + 1, sizeof size);
  if (!IsKind(rest[0]) || size > kMaxPayloadBytes) {
    return absl::DataLossError("the scanner process does not speak our protocol");
  }
  if (rest.size() < kHeadBytes + size) return std::nullopt;
  Message message{.kind = static_cast<MessageKind>(rest[0]),
                  .payload = std::string(rest.substr(kHeadBytes, size))};
  begin_ += kHeadBytes + size;
  if (begin_ == buffer_.size() || begin_ > kCompactBytes) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  return message;
}

std::string EncodeFrameHeader(const FrameHeader& header) {
  static_assert(std::is_trivially_copyable_v<FrameHeader>);
  return std::string(reinterpret_cast<const char*>(&header), sizeof header);
}

std::optional<FrameHeader> DecodeFrameHeader(std::string_view payload) {
  FrameHeader header;
  if (payload.size() != sizeof header) return std::nullopt;
  std::memcpy(&header, payload.data(), sizeof header);
  return header;
}

std::string EncodeFault(const std::string& code, const std::string& detail) {
  return code + '\0' + detail;
}

absl::Status DecodeFault(std::string_view payload, const std::string& what) {
  const size_t end = payload.find('\0');
  if (end == std::string_view::npos) return FaultStatus("failed", what);
  return FaultStatus(std::string(payload.substr(0, end)), what,
                     std::string(payload.substr(end + 1)));
}

}  // namespace hotich::scanner
