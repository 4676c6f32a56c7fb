// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_COMMANDS_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_COMMANDS_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "docs/examples/kv_service/database.h"
#include "docs/examples/kv_service/effect.h"
#include "docs/examples/kv_service/resp.h"

namespace kv {

// One section of INFO: "# title", then "key:value" lines.
struct InfoSection {
  std::string title;
  std::vector<std::pair<std::string, std::string>> lines;
};

// What commands reach beyond the database. An empty function: the service has no such thing, and
// the command that needs it is refused.
struct CommandHost {
  std::function<WallTime()> now;                // REQUIRES: not empty
  std::function<void()> request_shutdown = {};  // SHUTDOWN; returns before the service has stopped
  // DEBUG FAIL. Returns: an error whose message tells the client what was wrong with its words.
  std::function<absl::Status(std::string_view component, std::string_view verdict)> fail_component =
      {};
  std::function<std::vector<InfoSection>()> info = {};
  std::vector<std::pair<std::string, std::string>> settings = {};  // what CONFIG GET shows
};

// What a connection remembers between its commands.
struct ClientState {
  std::string name;
};

enum class Execution {
  kReplied,
  kRepliedLast,    // close the connection once the reply is sent
  kClosed,         // close it at once; there is no reply
  kNeedsDatabase,  // nothing was done or replied: there is no database, or its log is closed.
                   // Execute the same request again with the next one, or give up with
                   // AppendLoading
};

// Carries out one request and appends its reply to `reply`. What was written may be acknowledged,
// and the reply be sent, only after database->Commit().
//
// `database` is null while there is none: commands that do not need it work all the same.
//
// Thread safety: may be called from any thread, with a `client` of its own, if `host` may.
Execution Execute(const Request& request, Database* database, const CommandHost& host,
                  ClientState& client, std::string& reply);

// The error of Redis for a command that came before the data was loaded.
void AppendLoading(std::string& reply);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_COMMANDS_H_
