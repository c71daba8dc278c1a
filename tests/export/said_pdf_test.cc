// What lies under the picture of a PDF on its way out.
#include "service/export/said_pdf.h"

#include "pdf/pdf.h"
#include "tests/export/export_fixture.h"

namespace hotich::service {
namespace {

using testing::HasSubstr;
using testing::Not;

class SaidPdfTest : public ExportTest {
 protected:
  // An entry of which the machine read one field wrongly; its PDF leaves `room_bytes` for more.
  SaidEntry ReadWrongly(int room_bytes) {
    SaidEntry said;
    said.capture.set_capture_id("c1");
    said.capture.set_sha256(std::string(64, 'a'));
    v1::FieldReading& field = *said.entry.add_fields();
    field.set_name("nksHoTen");
    field.set_literal("Dang Thi Nau");
    said.entry.add_parts()->mutable_box_mm()->set_width(100);
    // Noise takes every byte that it may.
    cv::Mat noise(400, 1200, CV_8UC3);
    cv::RNG(1).fill(noise, cv::RNG::UNIFORM, 0, 256);
    const pdf::PdfInfo info{.keywords = "c1",
                            .source_sha256 = said.capture.sha256(),
                            .text = {{"Dang Thi Nau", {0, 0, 600, 60}}},
                            .text_room_bytes = room_bytes};
    said.entry.set_pdf_sha256(
        Must(store_->PutPicture(Must(pdf::MakePdf({noise}, 300, Limit(), info)).bytes)));
    return said;
  }
  static v1::PdfSettings Limit() {
    v1::PdfSettings settings;
    settings.set_limit_bytes(60'000);
    return settings;
  }
  static v1::FieldValue Said(const std::string& name, const std::string& literal) {
    v1::FieldValue field;
    field.set_name(name);
    field.set_literal(literal);
    return field;
  }
  std::string TextOf(const SaidPdf& pdf) {
    Must(WriteFileDurably(folder_ / "said.pdf", pdf.bytes));
    return Shell("pdftotext " + (folder_ / "said.pdf").string() + " -").output;
  }
};

TEST_F(SaidPdfTest, SaysWhatPeopleSaidAlsoOfFieldsThatTheMachineDidNotRead) {
  SaidEntry said = ReadWrongly(4000);
  said.fields = {Said("nksHoTen", "Đặng Thị Mẫu"), Said("nksDanToc", "Kinh")};
  const SaidPdf pdf = Must(MakeSaidPdf(*store_, {}, said, Limit()));
  EXPECT_FALSE(pdf.text_as_read);
  EXPECT_LE(pdf.bytes.size(), 60'000u);
  EXPECT_THAT(TextOf(pdf), HasSubstr("Đặng Thị Mẫu"));
  EXPECT_THAT(TextOf(pdf), HasSubstr("Kinh"));
  EXPECT_THAT(TextOf(pdf), Not(HasSubstr("Dang Thi Nau")));
}

TEST_F(SaidPdfTest, ANumberThatIsBlankInTheBookIsNoTitle) {
  SaidEntry said = ReadWrongly(4000);
  said.entry.set_number("16/1995");
  said.fields = {Said("so", "")};
  Must(
      WriteFileDurably(folder_ / "blank.pdf", Must(MakeSaidPdf(*store_, {}, said, Limit())).bytes));
  const std::string info = Shell("pdfinfo -meta " + (folder_ / "blank.pdf").string()).output +
                           Shell("pdfinfo " + (folder_ / "blank.pdf").string()).output;
  EXPECT_THAT(info, HasSubstr("hotich"));
  EXPECT_THAT(info, Not(HasSubstr("16/1995")));
}

TEST_F(SaidPdfTest, KeepsTheMachinesTextWhereMoreWouldNotFitAndSaysSo) {
  SaidEntry said = ReadWrongly(0);
  // Letters that compress badly, twice what is between a full PDF and its limit.
  for (int field = 0; field < 40; ++field) {
    std::string text;
    for (int i = 0; i < 60; ++i) text += static_cast<char>('A' + (field * 31 + i * i * 7) % 26);
    said.fields.push_back(Said("truong" + std::to_string(field), text));
  }
  const SaidPdf pdf = Must(MakeSaidPdf(*store_, {}, said, Limit()));
  EXPECT_TRUE(pdf.text_as_read);
  EXPECT_LE(pdf.bytes.size(), 60'000u);
  EXPECT_THAT(TextOf(pdf), HasSubstr("Dang Thi Nau"));
}

TEST_F(SaidPdfTest, AnEntryWithoutAPdfHasNone) {
  EXPECT_TRUE(absl::IsNotFound(MakeSaidPdf(*store_, {}, {}, Limit()).status()));
}

}  // namespace
}  // namespace hotich::service
