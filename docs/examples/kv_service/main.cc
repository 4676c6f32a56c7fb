// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/main.h"

#include <map>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "docs/examples/kv_service/kv_nodes.h"
#include "docs/examples/kv_service/wiring.h"
#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

int main(int argc, char** argv) {
  kv::Settings settings;
  CLI::App app("A key-value server that speaks the Redis protocol, supervised by Stemma.");
  app.add_option("--port", settings.port, "Where to listen, on 127.0.0.1; 0: anywhere")
      ->capture_default_str();
  app.add_option("--dir", settings.directory, "The directory of the log")->capture_default_str();
  const std::map<std::string, kv::FsyncPolicy> policies = {{"always", kv::FsyncPolicy::kAlways},
                                                           {"everysec", kv::FsyncPolicy::kEverySec},
                                                           {"no", kv::FsyncPolicy::kNo}};
  app.add_option("--appendfsync", settings.fsync,
                 "When a write is forced to the disk: always (before it is acknowledged), everysec "
                 "(the default), no (when the kernel likes)")
      ->transform(CLI::CheckedTransformer(policies))
      ->option_text("always|everysec|no");
  CLI11_PARSE(app, argc, argv);

  const auto logger =
      std::make_shared<spdlog::logger>("kv", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return stemma::Main(argc, argv, kv::KvNodes(std::make_shared<kv::Wiring>(settings, logger)),
                      {.logger = logger});
}
