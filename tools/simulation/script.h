// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SIMULATION_SCRIPT_H_
#define STEMMA_TOOLS_SIMULATION_SCRIPT_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/supervisor/engine_types.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/simulation.h"

namespace stemma::tools {

// What people want to happen in a simulation, in the words of a command line or of a file.
//
//   fail NODE[@TIME][=VERDICT]   its component fails; its handler answers VERDICT
//   end NODE[@TIME]              its component ends by itself
//   silence NODE[@TIME]          its workers give no sign of life any more (the watchdog's
//   business) stop [@TIME]                 somebody requests a stop; interrupt, terminate: by that
//   signal stop-node, start-node, restart-node, remove-node NODE[@TIME]     an operator's commands
//
//   hang GLOB                    what matches never stops once it is asked
//   slow-stop GLOB=DURATION      it takes that long to
//   never-ready GLOB             it is never ready
//   slow-start GLOB=DURATION     it takes that long to be
//   crash GLOB=DURATION          it fails that long after it was ready, every time
//   mute GLOB                    its handler never answers
//   handler GLOB=VERDICT         its handler answers this, always
//
//   for DURATION                 the end of the simulation, after its beginning
//
// A time is a duration since the beginning. What has none happens as soon as nothing else is going
// on, one after the other: `fail db` is "everything is up, and then db fails".
struct Script {
  struct Step {
    std::string text = {};  // "fail db@3s=stop"
    enum class Kind : std::uint8_t {
      kFail,
      kEnd,
      kSilence,
      kStop,
      kInterrupt,
      kTerminate,
      kStopNode,
      kStartNode,
      kRestartNode,
      kRemoveNode,
    };
    Kind kind = Kind::kStop;
    std::string node = {};
    std::optional<std::chrono::nanoseconds> at = {};
    std::optional<ErrorHandlingBehavior> verdict = {};
  };
  // What a rule says of the nodes that match; the last one that says something holds.
  struct Rule {
    enum class Kind : std::uint8_t { kStop, kStart, kCrash, kMute, kHandler };
    Kind kind = Kind::kStop;
    std::vector<NodeId> nodes = {};
    std::chrono::nanoseconds time = kNever;
    ErrorHandlingBehavior verdict = {};
  };
  std::vector<Step> steps = {};
  std::vector<Rule> rules = {};
  std::optional<std::chrono::nanoseconds> duration = {};
};

// One of the words above, for help and completion.
struct ScriptWord {
  std::string_view word = {};
  std::string_view argument = {};  // "NODE[@TIME]"
  std::string_view meaning = {};   // one line
};
const std::vector<ScriptWord>& ScriptWords();

// Adds what the word and its argument say of the nodes of `graph`.
// Returns: InvalidArgument with what is wrong, with the nearest word, node or verdict.
absl::Status AddToScript(std::string_view word, std::string_view argument,
                         const DependencyGraph& graph, Script& script);

// Adds the lines of a file: a word and its argument each. What follows a `#` at the beginning of a
// line or after a blank is a comment.
// Returns: InvalidArgument with everything that is wrong, each "LINE: what", a line each.
absl::Status AddLinesToScript(std::string_view text, const DependencyGraph& graph, Script& script);

struct SimulatedRun {
  Simulation simulation;
  // What did not happen as the script wants it, and what had to be assumed; a line each.
  std::vector<std::string> remarks = {};
};

// How long a simulation goes on after the last time that its script names, if it does not come to
// rest and the script does not say for how long.
inline constexpr std::chrono::nanoseconds kPatience = std::chrono::hours(1);

// Runs the nodes as the script says. A handler that is the service's own (IsAlways) and about which
// the script says nothing is taken to answer kRestart; a remark tells so.
// Returns: InvalidArgument as Simulation::Create.
absl::StatusOr<SimulatedRun> RunScript(std::vector<Node> nodes, const EngineOptions& options,
                                       const Script& script);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SIMULATION_SCRIPT_H_
