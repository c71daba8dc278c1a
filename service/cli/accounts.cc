// account add/password/remove/list: people who may sign in. They are the station's own matter:
// whoever may write into its folder gives and takes accounts, so that no rule has to keep a last
// one.
#include <unistd.h>

#include <cstdlib>

#include "base/status.h"
#include "service/clerk/console.h"
#include "service/cli/cli.h"
#include "service/rpc/error.h"

namespace hotich::cli {
namespace {

const std::map<std::string, v1::Role> kRoles = {{"clerk", v1::ROLE_CLERK},
                                                {"operator", v1::ROLE_OPERATOR},
                                                {"supervisor", v1::ROLE_SUPERVISOR},
                                                {"admin", v1::ROLE_ADMIN}};

void FailAccount(Context& context, const absl::Status& status) {
  Fail(context, status, absl::IsInvalidArgument(status) ? kBadUsage : kSomeFailed);
}

// Typed twice at a terminal, where nobody sees what was typed. CANCELLED after Ctrl+C.
absl::StatusOr<std::string> NewPassword(const Context& context, const std::string& name) {
  const char* given = std::getenv("HOTICH_PASSWORD");
  const std::string password =
      given != nullptr ? given : clerk::AskPassword("Mật khẩu của " + name, context.stop);
  const auto stopped = [&] { return context.stop.stop_requested(); };
  if (stopped()) return absl::CancelledError("nothing was changed");
  HOTICH_RETURN_IF_ERROR(store::CheckPassword(name, password));
  if (given != nullptr || isatty(STDIN_FILENO) != 1) return password;
  const std::string again = clerk::AskPassword("Gõ lại mật khẩu lần nữa", context.stop);
  if (stopped()) return absl::CancelledError("nothing was changed");
  if (again == password) return password;
  return rpc::Refuse(absl::StatusCode::kInvalidArgument, "PASSWORDS_DIFFER",
                     "the passwords differ; nothing was changed");
}

// Before a password is asked for, and before anything is written.
absl::Status CheckNewName(const Context& context, const std::string& name) {
  HOTICH_RETURN_IF_ERROR(store::CheckAccountName(name));
  if (!store::FindStation(context.station.folder).ok()) return absl::OkStatus();
  HOTICH_ASSIGN_OR_RETURN(const service::Station station,
                          service::OpenStation(context.station, context.clock));
  HOTICH_ASSIGN_OR_RETURN(const std::vector<store::Account> accounts,
                          station.store->ListAccounts());
  return store::CheckIsNew(accounts, name);
}

void Add(Context& context, const std::string& name, const std::string& role) {
  if (const absl::Status status = CheckNewName(context, name); !status.ok()) {
    return FailAccount(context, status);
  }
  const absl::StatusOr<std::string> password = NewPassword(context, name);
  if (!password.ok()) return FailAccount(context, password.status());
  std::optional<service::Station> station = BeginStation(context);
  if (!station.has_value()) return;
  const absl::Status status =
      station->store->AddAccount({}, {.name = name, .role = kRoles.at(role)}, *password);
  if (!status.ok()) return FailAccount(context, status);
  PrintLine({{"account", name}, {"role", role}});
}

void SetPassword(Context& context, const std::string& name) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const absl::Status known = station->store->GetAccount(name).status();
  if (!known.ok()) return FailAccount(context, known);
  const absl::StatusOr<std::string> password = NewPassword(context, name);
  if (!password.ok()) return FailAccount(context, password.status());
  const absl::Status status = station->store->SetPassword({}, name, *password);
  if (!status.ok()) return FailAccount(context, status);
  PrintLine({{"account", name}});
}

void Remove(Context& context, const std::string& name) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const absl::Status status = station->store->RemoveAccount({}, name);
  if (!status.ok()) return FailAccount(context, status);
  PrintLine({{"account", name}, {"removed", true}});
}

void List(Context& context) {
  std::optional<service::Station> station = OpenStation(context);
  if (!station.has_value()) return;
  const auto accounts = station->store->ListAccounts();
  if (!accounts.ok()) return Fail(context, accounts.status());
  for (const store::Account& account : *accounts) {
    for (const auto& [name, role] : kRoles) {
      if (role == account.role) PrintLine({{"account", account.name}, {"role", name}});
    }
  }
}

}  // namespace

void AddAccount(CLI::App& app, Context& context) {
  CLI::App* account =
      app.add_subcommand("account", "people who may sign in: add, password, remove, list");
  account->require_subcommand(1);
  auto name = std::make_shared<std::string>();
  auto role = std::make_shared<std::string>("clerk");
  CLI::App* add = account->add_subcommand(
      "add", "add an account; asks for its password (or takes $HOTICH_PASSWORD)");
  add->footer("Example: hotich account add lan --role clerk");
  add->add_option("name", *name, "letters and digits, with . _ - @ between them")->required();
  add->add_option("--role", *role, "what it may do")
      ->check(CLI::IsMember(kRoles))
      ->capture_default_str();
  add->callback([&context, name, role] { Add(context, *name, *role); });

  CLI::App* password = account->add_subcommand(
      "password",
      "give an account a new password, asked for as by add; whoever is signed in under "
      "it must sign in again");
  password->footer("Example: hotich account password lan");
  password->add_option("name", *name, "account name")->required();
  password->callback([&context, name] { SetPassword(context, *name); });

  CLI::App* remove = account->add_subcommand(
      "remove",
      "an account may sign in no more; what it held goes to others at once, with the "
      "drafts, and its name stays on all that it did");
  remove->footer(
      "Example: hotich account remove lan\n"
      "The name may be added again, for the same person: the earlier work is theirs, then.");
  remove->add_option("name", *name, "account name")->required();
  remove->callback([&context, name] { Remove(context, *name); });

  CLI::App* list = account->add_subcommand("list", "every account and its role");
  list->footer("Example: hotich account list");
  list->callback([&context] { List(context); });
}

}  // namespace hotich::cli
