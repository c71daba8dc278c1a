// A hall of clerks: a station in a temporary folder with a real store, filled by the store's own
// verbs, and a server on a unix socket. Also used by the server that the foreign client speaks to.
#ifndef HOTICH_TESTS_RPC_HALL_H_
#define HOTICH_TESTS_RPC_HALL_H_

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "service/rpc/server.h"
#include "service/station.h"
#include "tests/temporary_folder.h"

namespace hotich::testing {

inline constexpr char kPassword[] = "mat khau dai";

struct HallOptions {
  v1::Settings settings;
  rpc::ServerHooks hooks;
};

// While it hangs, whoever asks for the time waits: every call of a service does.
class HangingClock : public ManualClock {
 public:
  using ManualClock::ManualClock;
  Time Now() const override;
  void Hang();
  void GoOn();
  // Until somebody waits; false when nobody comes.
  bool WaitForCaller();

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool hangs_ = false;       // guarded by mutex_
  mutable int waiting_ = 0;  // guarded by mutex_
};

class Hall {
 public:
  explicit Hall(HallOptions options = {});
  ~Hall() { clock_.GoOn(); }

  // Accounts with kPassword.
  void AddAccount(const std::string& name, v1::Role role);
  // A new capture with this many prefilled entries; the server is not told. Their ids.
  // Births, each with one more reading if one is given.
  std::vector<std::string> AddEntries(int count,
                                      const std::optional<v1::FieldReading>& more = std::nullopt);
  // One entry whose fields together are larger than what a connection buffers for a reader who is
  // slow.
  void AddLongEntry();
  // A book of its own with this many entries on one capture. The book's id.
  std::string AddBook(const std::string& number, int entries);
  // As a restart of the service would.
  void Restart();

  service::Station& Station() { return station_; }
  store::Store& Store() { return *station_.store; }
  HangingClock& Clock() { return clock_; }
  // Null after StopServer.
  rpc::Server* Server() { return server_.get(); }
  void StopServer();
  void StartServer();
  std::string Address() const { return address_; }
  const v1::Book& Book() const { return book_; }

 private:
  std::vector<std::string> AddEntriesTo(const v1::Book& book, int count,
                                        const std::optional<v1::FieldReading>& more = std::nullopt);
  // The next capture of the book, taken by a worker.
  store::LeasedCapture AddCapture(const v1::Book& book);

  TemporaryFolder folder_;
  HangingClock clock_;
  HallOptions options_;
  service::Station station_;
  v1::Book book_;
  int captures_ = 0;
  std::unique_ptr<rpc::Server> server_;
  std::string address_;
};

// Every field of the entry as the machine read it; "Không rõ" where it read nothing.
std::vector<v1::FieldValue> AsRead(const v1::Entry& entry);

}  // namespace hotich::testing

#endif  // HOTICH_TESTS_RPC_HALL_H_
