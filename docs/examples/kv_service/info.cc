// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/info.h"

#include <unistd.h>

#include <memory>

namespace kv {
namespace {

std::string Describe(const Part& part) {
  const Part::State state = part.state();
  const char* const word = state == Part::State::kReady      ? "ready"
                           : state == Part::State::kStarting ? "starting"
                                                             : "down";
  return std::string("state=") + word + ",incarnations=" + std::to_string(part.incarnations());
}

const char* ToString(FsyncPolicy policy) {
  switch (policy) {
    case FsyncPolicy::kAlways:
      return "always";
    case FsyncPolicy::kEverySec:
      return "everysec";
    case FsyncPolicy::kNo:
      return "no";
  }
  return "";
}

}  // namespace

std::vector<InfoSection> ServerInfo(const Wiring& wiring) {
  const Statistics& statistics = wiring.statistics;
  std::vector<InfoSection> sections;
  sections.push_back({"Server",
                      {{"redis_mode", "standalone"},
                       {"process_id", std::to_string(::getpid())},
                       {"tcp_port", std::to_string(wiring.port.load())}}});
  sections.push_back({"Clients", {{"connected_clients", std::to_string(statistics.clients)}}});
  const std::shared_ptr<AppendLog> log = wiring.append_log.Get();
  sections.push_back(
      {"Persistence",
       {{"loading", wiring.store.state() == Part::State::kReady ? "0" : "1"},
        {"aof_enabled", "1"},
        {"aof_current_size", std::to_string(log == nullptr ? 0 : log->size_bytes())}}});
  sections.push_back({"Stats",
                      {{"total_connections_received", std::to_string(statistics.connections)},
                       {"total_commands_processed", std::to_string(statistics.commands)},
                       {"expired_keys", std::to_string(statistics.expired_keys)}}});
  InfoSection components{.title = "Components", .lines = {}};
  for (const Part* part : wiring.parts) {
    components.lines.emplace_back("component_" + part->name(), Describe(*part));
  }
  sections.push_back(std::move(components));
  return sections;
}

std::vector<std::pair<std::string, std::string>> ConfigSettings(const Settings& settings) {
  return {{"appendfsync", ToString(settings.fsync)},
          {"appendonly", "yes"},
          {"bind", "127.0.0.1"},
          {"dir", settings.directory},
          {"port", std::to_string(settings.port)},
          {"save", ""}};
}

}  // namespace kv
