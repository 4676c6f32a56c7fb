// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/supervisor.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "stemma/supervisor/internal/nested.h"
#include "stemma/supervisor/internal/shell.h"
#include "stemma/supervisor/internal/validation.h"

namespace stemma {

absl::StatusOr<std::unique_ptr<Supervisor>> Supervisor::Create(std::vector<Node> nodes,
                                                               SupervisorOptions options) {
  return Make(std::move(nodes), std::move(options), /*nested=*/false);
}

absl::StatusOr<std::unique_ptr<Supervisor>> Supervisor::Make(std::vector<Node> nodes,
                                                             SupervisorOptions options,
                                                             bool nested) {
  const std::vector<std::string> problems = internal::Problems(nodes, options, nested);
  if (!problems.empty()) {
    return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
  }
  absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(internal::Declarations(nodes));
  if (!graph.ok()) return graph.status();
  return std::unique_ptr<Supervisor>(new Supervisor(
      std::make_shared<internal::Shell>(std::move(nodes), std::move(options),
                                        std::make_shared<const DependencyGraph>(*std::move(graph)),
                                        internal::UserCalls::ThreadStarter(), nested)));
}

Supervisor::~Supervisor() {
  if (!shell_->started()) return;
  shell_->EndSpinHalt();
  shell_->RequestStop();
  shell_->returned().Wait();
}

RunResult Supervisor::Run(std::stop_token stop) { return RunNested(std::move(stop), {}); }

RunResult Supervisor::RunNested(std::stop_token stop, internal::Nesting nesting) {
  const std::shared_ptr<internal::Shell> shell = shell_;
  return shell->Run(stop, std::move(nesting));
}

void Supervisor::RequestStop() { shell_->RequestStop(); }
void Supervisor::EndSpinHalt() { shell_->EndSpinHalt(); }
Event Supervisor::Ready() const { return shell_->ready(); }
Event Supervisor::Ended() const { return shell_->ended(); }
std::shared_ptr<const DependencyGraph> Supervisor::graph() const { return shell_->board().graph(); }

absl::Status Supervisor::AwaitReady(std::stop_token stop) const {
  return shell_->board().AwaitReady(std::move(stop));
}

absl::Status Supervisor::AwaitNode(std::string_view name, NodeState state,
                                   std::stop_token stop) const {
  return shell_->board().AwaitNode(name, state, std::move(stop));
}

absl::Status Supervisor::StopNode(std::string_view name) {
  return shell_->Command(Input::Kind::kStopNode, std::string(name));
}
absl::Status Supervisor::StartNode(std::string_view name) {
  return shell_->Command(Input::Kind::kStartNode, std::string(name));
}
absl::Status Supervisor::RestartNode(std::string_view name) {
  return shell_->Command(Input::Kind::kRestartNode, std::string(name));
}
absl::Status Supervisor::RemoveNode(std::string_view name) {
  return shell_->Command(Input::Kind::kRemoveNode, std::string(name));
}

absl::Status Supervisor::AddNode(Node node) {
  const std::vector<std::string> problems = internal::OwnProblems(node);
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
  std::string name = node.name;
  return shell_->Command(Input::Kind::kAddNode, std::move(name),
                         std::make_shared<const Node>(std::move(node)));
}

Snapshot Supervisor::GetSnapshot() const { return shell_->TakeSnapshot(); }

Subscription Supervisor::Subscribe(std::function<void(const SupervisorEvent&)> listener) {
  return shell_->observers().Subscribe(std::move(listener));
}

}  // namespace stemma
