// The pure parts: frames to pictures, the words of the wire, the tables.
#include <gtest/gtest.h>

#include <set>

#include "base/picture/picture_file.h"
#include "base/status.h"
#include "base/text.h"
#include "capture/scanner/discover.h"
#include "capture/scanner/faults.h"
#include "capture/scanner/frame.h"
#include "capture/scanner/quirks.h"
#include "capture/scanner/wire.h"
#include "tests/scanner/fixture.h"

namespace hotich::scanner {
namespace {

FrameHeader Gray(int pixels, int lines, int bytes_per_line) {
  return {.format = FrameFormat::kGray,
          .bytes_per_line = bytes_per_line,
          .pixels_per_line = pixels,
          .lines = lines,
          .depth = 8,
          .dpi = 300};
}

constexpr double kMegapixels = 200;

TEST(Frame, SizesThatContradictEachOtherAreNoFrame) {
  EXPECT_EQ(*FrameBytes(Gray(100, 50, 104), kMegapixels, "s"), 5200u);
  const std::vector<FrameHeader> wrong = {
      Gray(100, 50, 99),  Gray(0, 50, 100),    Gray(-5, 50, 100),         Gray(100, 0, 100),
      Gray(100, -2, 100), Gray(100, 50, 9999), Gray(100, 2000000000, 100)};
  for (const FrameHeader& header : wrong) {
    EXPECT_EQ(FaultCode(FrameBytes(header, kMegapixels, "s").status()), "bad_parameters")
        << header.pixels_per_line << " " << header.lines << " " << header.bytes_per_line;
  }
  EXPECT_EQ(FaultCode(FrameBytes(Gray(20000, 20000, 20000), kMegapixels, "s").status()),
            "too_large");
}

TEST(Frame, EveryByteMustHaveCome) {
  EXPECT_TRUE(CheckWhole({Gray(10, 20, 10), std::string(200, 'x')}, "s").ok());
  EXPECT_EQ(FaultCode(CheckWhole({Gray(10, 20, 10), std::string(199, 'x')}, "s")), "short_frame");
  EXPECT_TRUE(CheckWhole({Gray(10, -1, 10), std::string(300, 'x')}, "s").ok()) << "a hand scanner";
  EXPECT_EQ(FaultCode(CheckWhole({Gray(10, -1, 10), std::string(305, 'x')}, "s")), "short_frame");
  EXPECT_EQ(FaultCode(CheckWhole({Gray(10, -1, 10), std::string(20, 'x')}, "s")), "short_frame");
}

TEST(Frame, ThreeFramesOfOneColourAreNoSheet) {
  FrameHeader red = Gray(10, 20, 10);
  red.format = FrameFormat::kRed;
  const Frame frame{red, std::string(200, 'x')};
  EXPECT_EQ(FaultCode(AssembleSheet({frame, frame, frame}, "s").status()), "bad_parameters");
  EXPECT_EQ(FaultCode(AssembleSheet({frame}, "s").status()), "bad_parameters");
}

TEST(Wire, MessagesComeOutWholeHoweverTheBytesArrive) {
  const std::string stream = EncodeMessage(MessageKind::kReady, "") +
                             EncodeMessage(MessageKind::kData, std::string(1000, 'x')) +
                             EncodeMessage(MessageKind::kFault, EncodeFault("jammed", "roller 2"));
  for (const size_t step : {size_t{1}, size_t{7}, stream.size()}) {
    MessageReader reader;
    std::vector<Message> messages;
    for (size_t at = 0; at < stream.size(); at += step) {
      reader.Append(std::string_view(stream).substr(at, step));
      while (true) {
        const auto message = reader.Take();
        ASSERT_TRUE(message.ok());
        if (!message->has_value()) break;
        messages.push_back(**message);
      }
    }
    ASSERT_EQ(messages.size(), 3u);
    EXPECT_EQ(messages[1].payload, std::string(1000, 'x'));
    const absl::Status fault = DecodeFault(messages[2].payload, "sane:x:0");
    EXPECT_EQ(FaultCode(fault), "jammed");
    EXPECT_NE(fault.message().find("roller 2"), std::string::npos);
  }
}

TEST(Wire, NonsenseIsNotOurProtocol) {
  MessageReader reader;
  reader.Append("[==========] Running 61 tests");
  EXPECT_EQ(reader.Take().status().code(), absl::StatusCode::kDataLoss);
  MessageReader endless;
  endless.Append("D\xFF\xFF\xFF\xFF");
  EXPECT_EQ(endless.Take().status().code(), absl::StatusCode::kDataLoss);
}

TEST(Faults, EachHasItsOwnCodeAndWordsInBothLanguages) {
  std::set<std::string> codes, vietnamese;
  for (const FaultKind& kind : FaultKinds()) {
    EXPECT_TRUE(codes.insert(kind.code).second) << kind.code;
    EXPECT_TRUE(vietnamese.insert(kind.message_vi).second) << kind.code;
    EXPECT_EQ(Nfc(kind.message_vi), kind.message_vi) << kind.code;
    const absl::Status status = FaultStatus(kind.code, "sane:x:0", "detail");
    EXPECT_EQ(status.code(), kind.status);
    EXPECT_EQ(FaultOf(Annotate(status, "book 3")).code, kind.code) << "survives more context";
    EXPECT_EQ(FaultOf(status).retry, kind.retry);
    EXPECT_EQ(OperatorMessageVi(kind.code), kind.message_vi);
  }
}

TEST(Faults, StatusesOfOtherRoomsGetACodeToo) {
  EXPECT_EQ(FaultOf(absl::ResourceExhaustedError("no space left")).code, "disk_full");
  EXPECT_EQ(FaultOf(absl::CancelledError("")).code, "cancelled");
  EXPECT_EQ(FaultOf(absl::InternalError("")).code, "failed");
  EXPECT_FALSE(OperatorMessageVi("no such code").empty());
}

TEST(Quirks, SourcesOfManyVendorsAreUnderstood) {
  using enum SourceKind;
  const std::vector<std::pair<std::string, SourceKind>> rows = {
      {"Flatbed", kFlatbed},
      {"FB", kFlatbed},
      {"Normal", kFlatbed},
      {"ADF", kFeeder},
      {"ADF Front", kFeeder},
      {"Automatic Document Feeder", kFeeder},
      {"Automatic Document Feeder(left aligned)", kFeeder},
      {"ADF Simplex", kFeeder},
      {"ADF Duplex", kDuplex},
      {"Automatic Document Feeder(left aligned,Duplex)", kDuplex},
      {"2-sided (Binding Top)", kDuplex},
      {"DP", kDuplex},
      {"Transparency Unit", kOther},
      {"Negative", kOther},
      {"Something new", kOther}};
  for (const auto& [name, kind] : rows) EXPECT_EQ(KindOfSource(name), kind) << name;
}

TEST(Quirks, ModesAreFoundUnderTheirManyNames) {
  const std::vector<std::string> brother = {"Black & White", "Gray[Error Diffusion]", "True Gray",
                                            "24bit Color[Fast]", "24bit Color"};
  EXPECT_EQ(MatchMode("color", brother), "24bit Color[Fast]");
  EXPECT_EQ(MatchMode("gray", brother), "True Gray");
  EXPECT_EQ(MatchMode("lineart", brother), "Black & White");
  EXPECT_EQ(MatchMode("Gray[Error Diffusion]", brother), "Gray[Error Diffusion]");
  EXPECT_EQ(MatchMode("color", {"Lineart", "Gray"}), std::nullopt);
  EXPECT_EQ(MatchSource("duplex", {"Flatbed", "ADF"}), std::nullopt);
  EXPECT_EQ(MatchSource("feeder", {"Flatbed", "ADF Duplex", "ADF Front"}), "ADF Front");
}

TEST(Discovery, NamesThatChangeWithThePlugAreMadeLasting) {
  std::vector<v1::ScannerInfo> devices(4);
  const char* names[] = {"sane:genesys:libusb:001:004", "sane:genesys:libusb:001:005",
                         "sane:fujitsu:ScanSnap iX500:1234", "sane:test:0"};
  for (size_t i = 0; i < 4; ++i) {
    devices[i].set_scanner(names[i]);
    devices[i].set_vendor("Canon");
    devices[i].set_model("LiDE 220");
  }
  MakeNamesLasting(devices);
  EXPECT_EQ(devices[0].scanner(), "sane:genesys:@Canon LiDE 220");
  EXPECT_EQ(devices[1].scanner(), "sane:genesys:@Canon LiDE 220#2");
  EXPECT_EQ(devices[2].scanner(), names[2]);
  EXPECT_EQ(devices[3].scanner(), names[3]);
}

TEST(PictureFile, BrokenHeadersHaveNoSizeAndReadNothingBeyondTheirEnd) {
  const std::vector<std::string> starts = {("\xFF\xD8\xFF\xE1\xFF\xFF"
                                            "Exif"),
                                           "\xFF\xD8\xFF",
                                           std::string("\x89PNG\r\n\x1A\n"),
                                           "P5",
                                           "P6\n#",
                                           "P5 99999999999 1\n"};
  for (const std::string& start : starts) {
    const PictureHeader header = ReadHeader(FormatOf(start), start);
    const double pixels = double(header.width_px) * header.height_px;
    EXPECT_TRUE(pixels == 0 || pixels > 1e9) << start << ": no size, or one that is refused";
  }
}

}  // namespace
}  // namespace hotich::scanner
