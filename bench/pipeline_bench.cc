// Measures the way of a capture on this machine:
//   hotich-bench MODELS_DIR BOOK_DIR FORM KIND
// prints seconds per stage, capture and entry (one core), then the time from a capture's last byte
// to its entries standing in a clerk's work stream (all cores), and the peak memory.
#include <grpcpp/grpcpp.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <thread>

#include "base/status.h"
#include "bench/temporary_station.h"
#include "hotich/v1/account_service.grpc.pb.h"
#include "hotich/v1/desk_service.grpc.pb.h"
#include "ocr/line/line.h"
#include "service/capture_daemon.h"
#include "service/pipeline.h"
#include "service/rpc/server.h"
#include "service/worker.h"

namespace hotich::bench {
namespace {

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

class StageTimes : public service::Trace {
 public:
  void Stage(const std::string& name, double seconds) override {
    if (!times_.contains(name)) order_.push_back(name);
    times_[name] += seconds;
  }
  void Print(int captures) const {
    for (const std::string& name : order_) {
      std::printf("  %-10s %7.3f s a capture\n", name.c_str(), times_.at(name) / captures);
    }
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, double> times_;
};

std::vector<scanner::Picture> Load(const std::filesystem::path& folder,
                                   const v1::ScanSettings& settings) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".jpg") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  const auto source = scanner::OpenFiles(files, settings);
  std::vector<scanner::Picture> pictures;
  while (true) {
    auto next = source->Next({});
    HOTICH_CHECK(next.ok()) << next.status();
    if (!next->has_value()) return pictures;
    pictures.push_back(**std::move(next));
  }
}

void MeasureStages(service::Station& station, const v1::Book& book,
                   const std::vector<scanner::Picture>& pictures) {
  auto recognizer = line::MakeTesseractRecognizer(station.settings.read(), station.models);
  HOTICH_CHECK(recognizer.ok()) << recognizer.status();
  StageTimes stages;
  std::vector<double> a_capture;
  int entries = 0;
  double total = 0;
  for (const scanner::Picture& picture : pictures) {
    v1::Capture capture;
    capture.set_capture_id("bench");
    capture.set_dpi(picture.dpi);
    const auto start = std::chrono::steady_clock::now();
    const auto result = service::ReadCapture(
        picture.bytes, capture, book, v1::CaptureAdjustment(),
        {.settings = station.settings,
         .forms = station.forms,
         .recognizer = **recognizer,
         .keep = [&](const std::string& bytes) { return station.store->PutPicture(bytes); }},
        stages, {});
    HOTICH_CHECK(result.ok()) << result.status();
    a_capture.push_back(Since(start));
    total += a_capture.back();
    entries += result->entries_size();
  }
  std::printf("one core, %zu captures, %d entries\n", pictures.size(), entries);
  stages.Print(static_cast<int>(pictures.size()));
  std::printf("  %-10s %7.3f s a capture (median), %.3f s an entry\n", "all", Median(a_capture),
              entries > 0 ? total / entries : 0.0);
}

// From the last byte of a capture to its entries in a clerk's stream, through store, workers and
// gRPC.
void MeasureLatency(service::Station& station, const v1::Book& wanted,
                    const std::vector<scanner::Picture>& pictures) {
  HOTICH_CHECK(
      station.store->AddAccount({}, {.name = "bench", .role = v1::ROLE_CLERK}, "bench password")
          .ok());
  const auto book = station.store->AddBook({}, wanted);
  HOTICH_CHECK(book.ok()) << book.status();
  auto server = rpc::StartServer(station, {});
  HOTICH_CHECK(server.ok()) << server.status();
  const auto channel =
      grpc::CreateChannel((*server)->Address(), grpc::InsecureChannelCredentials());
  grpc::ClientContext sign_in;
  sign_in.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  v1::SignInRequest who;
  who.set_account("bench");
  who.set_password("bench password");
  v1::SignInResponse session;
  const auto accounts = v1::AccountService::NewStub(channel);
  HOTICH_CHECK(accounts->SignIn(&sign_in, who, &session).ok());

  std::stop_source stop;
  std::jthread workers([&] {
    (void)service::Work(station,
                        {.on_worked = [&](const service::Worked&) { (*server)->Notify(); }},
                        stop.get_token());
  });
  std::vector<double> first;
  std::vector<double> last;
  const auto desk = v1::DeskService::NewStub(channel);
  for (const scanner::Picture& picture : pictures) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + session.token());
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(120));
    v1::StreamWorkRequest request;
    const auto stream = desk->StreamWork(&context, request);
    const auto start = std::chrono::steady_clock::now();
    const auto added = station.store->AddCapture({},
                                                 {.book_id = book->book_id(),
                                                  .media_type = picture.media_type,
                                                  .width_px = picture.width_px,
                                                  .height_px = picture.height_px,
                                                  .dpi = picture.dpi,
                                                  .source = picture.source},
                                                 picture.bytes);
    HOTICH_CHECK(added.ok()) << added.status();
    int seen = 0;
    int expected = 0;
    v1::StreamWorkResponse event;
    while ((seen == 0 || seen < expected) && stream->Read(&event)) {
      if (!event.has_item() || event.item().entry().capture_id() != added->capture.capture_id()) {
        continue;
      }
      if (++seen == 1) first.push_back(Since(start));
      const auto result = station.store->GetResult(added->capture.capture_id());
      if (result.ok()) expected = result->entries_size();
      grpc::ClientContext submit_context;
      submit_context.AddMetadata("authorization", "Bearer " + session.token());
      submit_context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
      v1::SubmitRequest submit;
      submit.set_request_id(event.item().entry().entry_id());
      submit.set_entry_id(event.item().entry().entry_id());
      submit.set_lease_id(event.item().lease_id());
      submit.set_version(event.item().entry().version());
      for (const v1::FieldReading& field : event.item().entry().fields()) {
        v1::FieldValue* value = submit.add_fields();
        value->set_name(field.name());
        value->set_literal(field.literal());
        if (field.literal().empty()) value->set_mark(v1::FIELD_MARK_BLANK_IN_BOOK);
      }
      v1::SubmitResponse reply;
      const grpc::Status submitted = desk->Submit(&submit_context, submit, &reply);
      HOTICH_CHECK(submitted.ok()) << submitted.error_message();
    }
    if (seen > 0) last.push_back(Since(start));
    context.TryCancel();
  }
  stop.request_stop();
  workers.join();
  (*server)->Shutdown(std::chrono::seconds(5));
  std::printf(
      "from last byte to the clerk's stream (median of %zu): first entry %.2f s, all %.2f s\n",
      last.size(), Median(first), Median(last));
}

int Main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: hotich-bench MODELS_DIR BOOK_DIR FORM KIND" << std::endl;
    return 2;
  }
  TemporaryStation temporary(argv[1]);
  service::Station& station = *temporary;
  const v1::Book book = BookOf(argv[4], argv[3]);
  const std::vector<scanner::Picture> pictures = Load(argv[2], station.settings.scan());
  MeasureStages(station, book, pictures);
  MeasureLatency(station, book, pictures);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("peak memory %.0f MB\n", static_cast<double>(usage.ru_maxrss) / 1024);
  return 0;
}

}  // namespace
}  // namespace hotich::bench

int main(int argc, char** argv) {
  setenv("OMP_THREAD_LIMIT", "1", 1);
  return hotich::bench::Main(argc, argv);
}
