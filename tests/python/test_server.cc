// A station with a few entries, served for a foreign client: prints the address, serves until its
// standard input ends. Accounts lan (clerk) and minh (supervisor).
#include <iostream>
#include <string>

#include "tests/rpc/hall.h"

int main() {
  // Often enough for a test to see two heartbeats.
  hotich::v1::Settings settings;
  settings.mutable_desk()->set_heartbeat_s(0.5);
  hotich::testing::Hall hall({.settings = settings});
  hall.AddAccount("lan", hotich::v1::ROLE_CLERK);
  hall.AddAccount("minh", hotich::v1::ROLE_SUPERVISOR);
  hall.AddEntries(3);
  std::cout << hall.Address() << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) continue;
  return 0;
}
