#include <google/protobuf/util/message_differencer.h>

#include <fstream>

#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "tests/store/store_fixture.h"

namespace hotich::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PictureStore : public StoreTest {};
class BookStore : public StoreTest {};
class CaptureStore : public StoreTest {};

TEST_F(PictureStore, GivesBackTheBytesByTheirHash) {
  const std::string sha256 = Must(store().PutPicture("bytes"));
  EXPECT_EQ(sha256, Sha256Hex("bytes"));
  EXPECT_EQ(Must(store().GetPicture(sha256)), "bytes");
}

TEST_F(PictureStore, LiesTwoFoldersDeep) {
  const std::string sha256 = Must(store().PutPicture("bytes"));
  EXPECT_EQ(store().PicturePath(sha256),
            folder_.path() / "objects" / sha256.substr(0, 2) / sha256.substr(2, 2) / sha256);
}

TEST_F(PictureStore, TheSameBytesAgainLeaveTheFileAlone) {
  const std::string sha256 = Must(store().PutPicture("bytes"));
  const auto written = std::filesystem::last_write_time(store().PicturePath(sha256));
  EXPECT_EQ(Must(store().PutPicture("bytes")), sha256);
  EXPECT_EQ(std::filesystem::last_write_time(store().PicturePath(sha256)), written);
}

TEST_F(PictureStore, AFileThatTheDiskCutShortIsWrittenAnew) {
  const std::string sha256 = Must(store().PutPicture("bytes"));
  std::filesystem::resize_file(store().PicturePath(sha256), 2);
  EXPECT_EQ(Must(store().PutPicture("bytes")), sha256);
  EXPECT_EQ(Must(store().GetPicture(sha256)), "bytes");
}

TEST_F(PictureStore, ADamagedFileIsNotHandedOut) {
  const std::string sha256 = Must(store().PutPicture("bytes"));
  std::ofstream(store().PicturePath(sha256)) << "bytez";
  EXPECT_EQ(store().GetPicture(sha256).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PictureStore, NamesThatAreNoHashLeadNowhere) {
  for (const std::string& name : {std::string("../../station.db"), std::string(),
                                  std::string(64, 'A'), std::string(64, 'a')}) {
    EXPECT_EQ(store().GetPicture(name).status().code(), absl::StatusCode::kNotFound) << name;
  }
}

TEST_F(PictureStore, WhatAKilledWriterLeftIsNotInTheWay) {
  const std::filesystem::path path = store().PicturePath(Sha256Hex("bytes"));
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path.parent_path() / absl::StrCat(".", path.filename().string(), ".1.0.part"))
      << "byt";
  EXPECT_EQ(Must(store().GetPicture(Must(store().PutPicture("bytes")))), "bytes");
}

TEST_F(BookStore, FindsTheBookOfTheSameKey) {
  const v1::Book made = Must(store().AddBook({}, SampleBook()));
  const v1::Book found = Must(store().AddBook({}, SampleBook()));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(made, found));
  EXPECT_EQ(Must(store().ListBooks()).size(), 1);
}

TEST_F(BookStore, KeepsAllThatWasSaid) {
  v1::Book book = SampleBook();
  book.mutable_closing_note()->set_pages(100);
  book.mutable_closing_note()->set_entries(126);
  v1::Book kept = Must(store().GetBook(Must(store().AddBook({}, book)).book_id()));
  EXPECT_THAT(kept.book_id(), testing::StartsWith("ks-1995-01-"));
  EXPECT_EQ(kept.create_time().seconds(), 1768464000);
  kept.clear_book_id();
  kept.clear_create_time();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(kept, book));
}

TEST_F(BookStore, TheKeyWithOtherPropertiesIsRefused) {
  AddBook();
  v1::Book other = SampleBook();
  other.set_form("ks_g3");
  const auto again = store().AddBook({}, other);
  EXPECT_EQ(again.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonIn(again), "BOOK_EXISTS");
}

TEST_F(BookStore, TextsTypedApartAreTheSameKey) {
  const std::string book_id = AddBook();
  v1::Book decomposed = SampleBook();
  decomposed.set_place(
      "UBND xa\u0303 An Bi\u0300nh, huye\u0323\u0302n Ma\u0302\u0303u, "
      "ti\u0309nh Ma\u0302\u0303u");
  EXPECT_EQ(Must(store().AddBook({}, decomposed)).book_id(), book_id);
}

TEST_F(BookStore, ABlankMoreOrAWiderDigitIsNoOtherBook) {
  const v1::Book book = Must(store().AddBook({}, SampleBook()));
  v1::Book sloppy = SampleBook(" \uFF10\uFF11");
  sloppy.set_place(absl::StrCat(" ", absl::StrReplaceAll(book.place(), {{" ", "  "}}), "\u00A0"));
  const v1::Book same = Must(store().AddBook({}, sloppy));
  EXPECT_EQ(same.book_id(), book.book_id());
  EXPECT_EQ(same.place(), book.place());
  EXPECT_EQ(same.number(), "01");
}

TEST_F(BookStore, IsFoundByABeginningThatOnlyItHas) {
  const std::string first = AddBook("01");
  const std::string second = AddBook("02");
  EXPECT_EQ(Must(store().GetBook("ks-1995-01")).book_id(), first);
  EXPECT_EQ(Must(store().GetBook(second)).book_id(), second);
  EXPECT_EQ(ReasonIn(store().GetBook("ks-1995")), "SEVERAL_BOOKS");
  EXPECT_EQ(ReasonIn(store().GetBook("kh")), "NO_BOOK");
  EXPECT_EQ(ReasonIn(store().GetBook("")), "NO_BOOK");
}

TEST_F(BookStore, ABookWithoutItsKeyIsRefused) {
  for (const auto spoil :
       {+[](v1::Book& b) { b.set_kind(v1::BOOK_KIND_UNSPECIFIED); },
        +[](v1::Book& b) { b.clear_place(); }, +[](v1::Book& b) { b.clear_number(); },
        +[](v1::Book& b) { b.set_last_year(1994); }, +[](v1::Book& b) { b.set_first_year(0); }}) {
    v1::Book book = SampleBook();
    spoil(book);
    EXPECT_EQ(store().AddBook({}, book).status().code(), absl::StatusCode::kInvalidArgument)
        << book.ShortDebugString();
  }
}

TEST_F(CaptureStore, ABooksPlaceAndNumberAreOneSeenLineOfText) {
  for (const std::string& bad : {std::string(" "), std::string("\u00a0\u200b"),
                                 std::string("01\n02"), std::string(501, '1')}) {
    v1::Book book = SampleBook();
    book.set_number(bad);
    EXPECT_EQ(ReasonIn(store().AddBook({}, book)), "BAD_BOOK") << bad;
    book = SampleBook();
    book.set_place(bad);
    EXPECT_EQ(ReasonIn(store().AddBook({}, book)), "BAD_BOOK") << bad;
  }
}

TEST_F(CaptureStore, IsSafeAndWaitsWhenAddReturns) {
  const std::string book_id = AddBook();
  const v1::Capture capture = AddCapture(book_id, "a");
  EXPECT_EQ(capture.state(), v1::CAPTURE_STATE_WAITING);
  EXPECT_EQ(capture.position(), 1);
  EXPECT_EQ(Must(store().GetPicture(capture.sha256())), "a");
  Reopen();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
      Must(store().GetCapture(capture.capture_id())), capture));
}

TEST_F(CaptureStore, TheSamePictureInTheSameBookIsTheSameCapture) {
  const std::string book_id = AddBook();
  const v1::Capture first = AddCapture(book_id, "a");
  const auto again = Must(store().AddCapture({}, In(book_id), "a"));
  EXPECT_FALSE(again.created);
  EXPECT_EQ(again.capture.capture_id(), first.capture_id());
  EXPECT_THAT(Positions(book_id), ElementsAre(1));
  EXPECT_NE(AddCapture(AddBook("02"), "a").capture_id(), first.capture_id());
}

TEST_F(CaptureStore, NeedsABookThatIsThere) {
  EXPECT_EQ(ReasonIn(store().AddCapture({}, In("ks-1995-01-00000000"), "a")), "NO_BOOK");
}

TEST_F(CaptureStore, GoesBeforeItsAnchor) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  const std::string b = AddCapture(book_id, "b").capture_id();
  NewCapture wanted = In(book_id);
  wanted.placement = v1::PLACEMENT_BEFORE;
  wanted.anchor_capture_id = b;
  const std::string c = Must(store().AddCapture({}, wanted, "c")).capture.capture_id();
  EXPECT_THAT(Order(book_id), ElementsAre(a, c, b));
  EXPECT_THAT(Positions(book_id), ElementsAre(1, 2, 3));
}

TEST_F(CaptureStore, TakesThePlaceOfTheOneItReplaces) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  const std::string b = AddCapture(book_id, "b").capture_id();
  const std::string c = AddCapture(book_id, "c").capture_id();
  NewCapture wanted = In(book_id);
  wanted.placement = v1::PLACEMENT_REPLACE;
  wanted.anchor_capture_id = b;
  const std::string d = Must(store().AddCapture({}, wanted, "d")).capture.capture_id();
  EXPECT_THAT(Order(book_id), ElementsAre(a, d, c));
  EXPECT_EQ(Must(store().GetCapture(b)).state(), v1::CAPTURE_STATE_DISCARDED);
  EXPECT_FALSE(Must(store().AddCapture({}, wanted, "d")).created) << "a repeat changes nothing";
  EXPECT_THAT(Order(book_id), ElementsAre(a, d, c));
}

TEST_F(CaptureStore, APictureOfTheBookReplacesNoOther) {
  const std::string book_id = AddBook();
  AddCapture(book_id, "a");
  NewCapture wanted = In(book_id);
  wanted.placement = v1::PLACEMENT_REPLACE;
  wanted.anchor_capture_id = AddCapture(book_id, "b").capture_id();
  EXPECT_EQ(ReasonIn(store().AddCapture({}, wanted, "a")), "PICTURE_KNOWN");
  EXPECT_THAT(Positions(book_id), ElementsAre(1, 2));
}

TEST_F(CaptureStore, AnchorsMustStandInTheBook) {
  const std::string book_id = AddBook();
  NewCapture wanted = In(book_id);
  wanted.placement = v1::PLACEMENT_BEFORE;
  wanted.anchor_capture_id = "00000000000000000000";
  EXPECT_EQ(ReasonIn(store().AddCapture({}, wanted, "a")), "NO_CAPTURE");
  wanted.anchor_capture_id = AddCapture(AddBook("02"), "b").capture_id();
  EXPECT_EQ(ReasonIn(store().AddCapture({}, wanted, "a")), "WRONG_STATE");
  EXPECT_THAT(Positions(book_id), IsEmpty());
}

TEST_F(CaptureStore, MovesToAnyPlaceWithoutGaps) {
  const std::string book_id = AddBook();
  std::vector<std::string> order;
  for (const char* bytes : {"a", "b", "c", "d"}) {
    order.push_back(AddCapture(book_id, bytes).capture_id());
  }
  for (const auto& [from, to] : std::vector<std::pair<int, int>>{{0, 3}, {3, 0}, {1, 2}, {2, 2}}) {
    const std::string moved = order[static_cast<size_t>(from)];
    order.erase(order.begin() + from);
    order.insert(order.begin() + to, moved);
    EXPECT_EQ(Must(store().MoveCapture({}, moved, to + 1)).position(), to + 1);
    EXPECT_EQ(Order(book_id), order) << from << " -> " << to;
    EXPECT_THAT(Positions(book_id), ElementsAre(1, 2, 3, 4));
  }
  EXPECT_EQ(Must(store().MoveCapture({}, order[0], 99)).position(), 4) << "past the end is the end";
  EXPECT_EQ(store().MoveCapture({}, order[0], 0).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonIn(store().MoveCapture({}, "none", 1)), "NO_CAPTURE");
}

TEST_F(CaptureStore, DiscardingClosesTheGap) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  const std::string b = AddCapture(book_id, "b").capture_id();
  Must(store().DiscardCapture({}, a));
  EXPECT_THAT(Order(book_id), ElementsAre(b));
  EXPECT_THAT(Positions(book_id), ElementsAre(1));
  EXPECT_THAT(store().DiscardCapture({}, a), IsOk()) << "again is the same";
  EXPECT_EQ(ReasonIn(store().DiscardCapture({}, "none")), "NO_CAPTURE");
}

TEST_F(CaptureStore, ADiscardedPictureComesBackOnlyWhereAPlaceIsNamed) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  const std::string b = AddCapture(book_id, "b").capture_id();
  Must(store().DiscardCapture({}, a));
  const auto imported = Must(store().AddCapture({}, In(book_id), "a"));
  EXPECT_FALSE(imported.created);
  EXPECT_EQ(imported.capture.state(), v1::CAPTURE_STATE_DISCARDED);
  NewCapture wanted = In(book_id);
  wanted.placement = v1::PLACEMENT_BEFORE;
  wanted.anchor_capture_id = b;
  EXPECT_TRUE(Must(store().AddCapture({}, wanted, "a")).created);
  EXPECT_THAT(Order(book_id), ElementsAre(a, b));
}

TEST_F(CaptureStore, MovingADiscardedCaptureBringsItAndItsEntriesBack) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  ReadOne(2);
  Must(store().DiscardCapture({}, a));
  EXPECT_THAT(Must(store().ListEntries(book_id)), IsEmpty());
  EXPECT_EQ(Must(store().MoveCapture({}, a, 1)).state(), v1::CAPTURE_STATE_WAITING);
  ReadOne(2);
  EXPECT_EQ(Must(store().ListEntries(book_id)).size(), 2);
}

TEST_F(CaptureStore, DiscardingTakesEntriesOffTheDesk) {
  const std::string book_id = AddReadBook(2);
  const LeasedEntry leased = LeaseOne("lan");
  Must(store().DiscardCapture({}, leased.entry.capture_id()));
  EXPECT_EQ(ReasonIn(Submit("lan", leased)), "LEASE_LOST");
  EXPECT_THAT(Lease("hoa"), IsEmpty());
  EXPECT_EQ(Must(store().CountWaitingEntries(book_id)), 0);
}

TEST_F(CaptureStore, DiscardingKeepsWhatWasSubmitted) {
  const std::string book_id = AddReadBook(2);
  const v1::Entry submitted = SubmitOne("lan");
  Must(store().DiscardCapture({}, submitted.capture_id()));
  const auto submissions = Must(store().ListSubmissions(book_id, {}, 0, 10));
  ASSERT_EQ(submissions.size(), 1);
  EXPECT_EQ(submissions[0].entry().entry_id(), submitted.entry_id());
  const auto approved =
      store().Approve({.account = "minh"}, submitted.entry_id(), submitted.version());
  EXPECT_EQ(ReasonIn(approved), "CAPTURE_DISCARDED");
  EXPECT_THAT(Must(store().ListEntries(book_id)), IsEmpty()) << "it is none of the book's entries";
}

TEST_F(CaptureStore, ACaptureWithAnApprovedEntryStays) {
  const std::string book_id = AddReadBook(1);
  const v1::Entry entry = SubmitOne("lan");
  Must(store().Approve({.account = "minh"}, entry.entry_id(), entry.version()));
  EXPECT_EQ(ReasonIn(store().DiscardCapture({}, entry.capture_id())), "ENTRY_APPROVED");
  EXPECT_THAT(Positions(book_id), ElementsAre(1));
}

TEST_F(CaptureStore, AdjustingPutsItBackToWaiting) {
  const std::string book_id = AddReadBook(1);
  const std::string capture_id = Order(book_id)[0];
  v1::CaptureAdjustment adjustment;
  adjustment.set_rotation_deg(90);
  adjustment.set_first_number("12");
  const v1::Capture adjusted = Must(store().AdjustCapture({}, capture_id, adjustment, false));
  EXPECT_EQ(adjusted.state(), v1::CAPTURE_STATE_WAITING);
  const auto claimed = Must(store().ClaimCapture(kLeaseSeconds, kMaxTries));
  ASSERT_TRUE(claimed.has_value());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(claimed->adjustment, adjustment));
  EXPECT_THAT(Lease("lan"), IsEmpty()) << "nobody corrects what is about to change";
}

TEST_F(CaptureStore, EarlierWorkComesWithTheCaptureAndSurvivesTheOperatorsHand) {
  v1::CaptureAdjustment adjustment;
  *adjustment.add_earlier()->add_fields() = Typed("nksHoTen", "Đặng Thị Mẫu");
  const std::string book_id = AddBook();
  const auto added = Must(store().AddCapture(
      {}, {.book_id = book_id, .media_type = "image/png", .adjustment = adjustment}, "a"));
  v1::CaptureAdjustment turned;
  turned.set_rotation_deg(180);
  Must(store().AdjustCapture({}, added.capture.capture_id(), turned, false));
  const auto claimed = Must(store().ClaimCapture(kLeaseSeconds, kMaxTries));
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->adjustment.rotation_deg(), 180);
  ASSERT_EQ(claimed->adjustment.earlier_size(), 1);
  EXPECT_EQ(claimed->adjustment.earlier(0).fields(0).literal(), "Đặng Thị Mẫu");
}

TEST_F(CaptureStore, AnAdjustmentForFollowingCapturesLeavesTheirOutlines) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  const std::string b = AddCapture(book_id, "b").capture_id();
  const std::string c = AddCapture(book_id, "c").capture_id();
  v1::CaptureAdjustment outlined;
  outlined.add_page_outlines()->add_points()->set_x(5);
  Must(store().AdjustCapture({}, c, outlined, false));
  v1::CaptureAdjustment turned;
  turned.set_rotation_deg(180);
  turned.set_form("ks_g3");
  turned.set_first_number("7");
  Must(store().AdjustCapture({}, b, turned, true));
  const auto views = Must(store().ListCaptures(book_id, 0, 10));
  EXPECT_EQ(views[0].adjustment().rotation_deg(), 0) << a;
  EXPECT_EQ(views[1].adjustment().first_number(), "7");
  EXPECT_EQ(views[2].adjustment().rotation_deg(), 180);
  EXPECT_EQ(views[2].adjustment().form(), "ks_g3");
  EXPECT_EQ(views[2].adjustment().first_number(), "");
  EXPECT_EQ(views[2].adjustment().page_outlines(0).points(0).x(), 5);
}

TEST_F(CaptureStore, AnAdjustmentForFollowingCapturesLeavesWhatItDoesNotSpeakOf) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  const std::string b = AddCapture(book_id, "b").capture_id();
  v1::CaptureAdjustment of_another_form;
  of_another_form.set_form("ks_g3");
  Must(store().AdjustCapture({}, b, of_another_form, false));
  v1::CaptureAdjustment adjustment;
  adjustment.add_page_outlines()->add_points()->set_x(5);
  Must(store().AdjustCapture({}, a, adjustment, true));
  EXPECT_EQ(Must(store().ListCaptures(book_id, 0, 10))[1].adjustment().form(), "ks_g3");
  adjustment.set_rotation_deg(90);
  Must(store().AdjustCapture({}, a, adjustment, true));
  EXPECT_EQ(Must(store().ListCaptures(book_id, 0, 10))[1].adjustment().form(), "ks_g3");
  EXPECT_EQ(Must(store().ListCaptures(book_id, 0, 10))[1].adjustment().rotation_deg(), 90);
  Must(store().AdjustCapture({}, a, {}, true));
  EXPECT_EQ(Must(store().ListCaptures(book_id, 0, 10))[1].adjustment().form(), "ks_g3");
  EXPECT_EQ(Must(store().ListCaptures(book_id, 0, 10))[1].adjustment().rotation_deg(), 0);
}

TEST_F(CaptureStore, AnAdjustmentThatTellsNoTurnLeavesItToTheFollowingCapturesToo) {
  const std::string book_id = AddBook();
  const std::string a = AddCapture(book_id, "a").capture_id();
  AddCapture(book_id, "b");
  v1::CaptureAdjustment adjustment;
  adjustment.set_form("ks_g3");
  Must(store().AdjustCapture({}, a, adjustment, true));
  EXPECT_FALSE(Must(store().ListCaptures(book_id, 0, 10))[1].adjustment().stands_as_stored());
  adjustment.set_stands_as_stored(true);
  Must(store().AdjustCapture({}, a, adjustment, true));
  EXPECT_TRUE(Must(store().ListCaptures(book_id, 0, 10))[1].adjustment().stands_as_stored());
}

TEST_F(CaptureStore, ADiscardedCaptureIsNotAdjusted) {
  const std::string capture_id = AddCapture(AddBook(), "a").capture_id();
  Must(store().DiscardCapture({}, capture_id));
  EXPECT_EQ(ReasonIn(store().AdjustCapture({}, capture_id, {}, false)), "WRONG_STATE");
}

TEST_F(CaptureStore, ListsPagesOfTheBookWithWhatWasFound) {
  const std::string book_id = AddBook();
  for (const char* bytes : {"a", "b", "c"}) AddCapture(book_id, bytes);
  ReadOne(2);
  const auto first = Must(store().ListCaptures(book_id, 0, 2));
  ASSERT_EQ(first.size(), 2);
  EXPECT_EQ(first[0].pages(0).transform().homography(0), 1.0 / 7);
  EXPECT_EQ(first[0].entries_size(), 2);
  EXPECT_EQ(first[0].entries(1).number(), "2/1995");
  EXPECT_EQ(first[0].entries(1).parts(0).outline().points(0).x(), 1.0 / 3);
  EXPECT_EQ(first[0].quality().sharpness(), 0.8);
  EXPECT_EQ(first[0].warnings(0).code(), "blurred");
  EXPECT_EQ(first[1].entries_size(), 0);
  const auto rest = Must(store().ListCaptures(book_id, 2, 2));
  ASSERT_EQ(rest.size(), 1);
  EXPECT_EQ(rest[0].capture().position(), 3);
  EXPECT_EQ(ReasonIn(store().ListCaptures("none", 0, 1)), "NO_BOOK");
}

}  // namespace
}  // namespace hotich::store
