// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/mishap.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "stemma/supervisor/internal/nested.h"

namespace stemma::internal {
namespace {

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\"");
}

// How a state reads, and how it is written in code: "while" "stops", ".AskedToStop()".
struct StateForm {
  std::string_view conjunction, verb, code;
};

StateForm FormOf(NodeState state) {
  switch (state) {
    case NodeState::kWaiting:
      return {"while", "waits", "Became(NodeState::kWaiting)"};
    case NodeState::kStarting:
      return {"as", "starts", "Started()"};
    case NodeState::kReady:
      return {"when", "is ready", "Ready()"};
    case NodeState::kDeciding:
      return {"while", "has failed and its handler is asked", "Became(NodeState::kDeciding)"};
    case NodeState::kStopping:
      return {"while", "stops", "AskedToStop()"};
    case NodeState::kBackingOff:
      return {"while", "backs off", "BackedOff()"};
    case NodeState::kCompleted:
      return {"after", "has completed", "Completed()"};
    case NodeState::kStopped:
      return {"after", "has stopped", "Stopped()"};
    case NodeState::kFailed:
      return {"after", "has failed for good", "FailedForGood()"};
    case NodeState::kAbandoned:
      return {"after", "was abandoned", "Abandoned()"};
  }
  return {};
}

std::string CodeOf(const absl::Status& status) {
  const auto call = [&](std::string_view function) {
    return absl::StrCat("absl::", std::string(function), "(", Quoted(std::string(status.message())),
                        ")");
  };
  switch (status.code()) {
    case absl::StatusCode::kCancelled:
      return call("CancelledError");
    case absl::StatusCode::kInvalidArgument:
      return call("InvalidArgumentError");
    case absl::StatusCode::kDeadlineExceeded:
      return call("DeadlineExceededError");
    case absl::StatusCode::kNotFound:
      return call("NotFoundError");
    case absl::StatusCode::kAlreadyExists:
      return call("AlreadyExistsError");
    case absl::StatusCode::kPermissionDenied:
      return call("PermissionDeniedError");
    case absl::StatusCode::kResourceExhausted:
      return call("ResourceExhaustedError");
    case absl::StatusCode::kFailedPrecondition:
      return call("FailedPreconditionError");
    case absl::StatusCode::kAborted:
      return call("AbortedError");
    case absl::StatusCode::kOutOfRange:
      return call("OutOfRangeError");
    case absl::StatusCode::kUnimplemented:
      return call("UnimplementedError");
    case absl::StatusCode::kInternal:
      return call("InternalError");
    case absl::StatusCode::kUnavailable:
      return call("UnavailableError");
    case absl::StatusCode::kDataLoss:
      return call("DataLossError");
    case absl::StatusCode::kUnauthenticated:
      return call("UnauthenticatedError");
    default:
      return call("UnknownError");
  }
}

// False for the kinds that the engine finds by itself.
bool HasError(FailureKind kind) {
  return kind != FailureKind::kStartTimeout && kind != FailureKind::kEndedBeforeReady &&
         kind != FailureKind::kWatchdog;
}

bool HasErrorOfItsOwn(const Failure& failure) {
  return HasError(failure.kind) && failure.status != RehearsedError();
}

bool LooksAtFailures(const Node& node) {
  ErrorHandlingBehavior verdict;
  return !IsAlways(node.on_error, verdict);
}

std::vector<FailureKind> KindsOf(const Node& node, NodeState state) {
  const bool looks = LooksAtFailures(node);
  std::vector<FailureKind> kinds;
  switch (state) {
    case NodeState::kStarting:
      kinds = {FailureKind::kFactory, FailureKind::kThrown};
      if (looks) {
        for (const FailureKind kind :
             {FailureKind::kStart, FailureKind::kException, FailureKind::kEndedBeforeReady}) {
          kinds.push_back(kind);
        }
      }
      if (node.start_timeout != kNoTimeout) kinds.push_back(FailureKind::kStartTimeout);
      return kinds;
    case NodeState::kReady:
    case NodeState::kStopping:
      kinds = {FailureKind::kThrown};
      if (looks) kinds.push_back(FailureKind::kException);
      if (state == NodeState::kStopping) return kinds;
      if (node.watchdog != kNoTimeout) kinds.push_back(FailureKind::kWatchdog);
      if (node.factory.target<NestedFactory>() != nullptr) {
        kinds.push_back(FailureKind::kNestedShutdown);
        kinds.push_back(FailureKind::kNestedSpinHalt);
      }
      return kinds;
    default:
      return kinds;
  }
}

}  // namespace

EventPattern Moment::Pattern() const {
  return node.empty() ? EveryNodeReady() : On(node).Became(state).Nth(nth);
}

std::string Moment::Words(const std::string& failing) const {
  if (node.empty()) return "when all are ready";
  const StateForm form = FormOf(state);
  std::string words = absl::StrCat(std::string(form.conjunction), " ",
                                   node == failing ? "it" : node, " ", std::string(form.verb));
  if (nth == 2) words += " again";
  if (nth > 2) absl::StrAppend(&words, ", time ", nth);
  return words;
}

std::string Moment::Code() const {
  if (node.empty()) return "EveryNodeReady()";
  std::string code = absl::StrCat("On(", Quoted(node), ").", std::string(FormOf(state).code));
  if (nth > 1) absl::StrAppend(&code, ".Nth(", nth, ")");
  return code;
}

std::string Mishap::Words() const {
  if (!failure) return node + " hangs";
  std::string words = absl::StrCat(node, " fails (", std::string(ToString(failure->kind)));
  if (HasErrorOfItsOwn(*failure)) absl::StrAppend(&words, ", ", failure->status.ToString());
  return words + ")";
}

std::string Mishap::Code() const {
  std::string step;
  if (!failure) {
    step = absl::StrCat("Hang(", Quoted(node), ")");
  } else {
    const std::string kind = "FailureKind::k" + std::string(ToString(failure->kind));
    step = absl::StrCat("Fail(", Quoted(node), ", ");
    if (!HasErrorOfItsOwn(*failure)) {
      step += kind;
    } else if (failure->kind == FailureKind::kThrown) {
      step += CodeOf(failure->status);
    } else {
      absl::StrAppend(&step, "Failure{.kind = ", kind, ", .status = ", CodeOf(failure->status),
                      "}");
    }
    step += ")";
  }
  return absl::StrCat("rehearsal.When(", moment.Code(), ", [](Rehearsal& r) { r.", step, "; });");
}

std::vector<Mishap> MishapsOf(const Node& node, NodeState state, const Moment& moment,
                              const WhatMayFail& what) {
  std::vector<Mishap> mishaps;
  for (const FailureKind kind : KindsOf(node, state)) {
    for (const absl::Status& error : what.errors) {
      mishaps.push_back(
          {.moment = moment, .node = node.name, .failure = Failure{.kind = kind, .status = error}});
      if (!HasError(kind) || !LooksAtFailures(node)) break;
    }
  }
  if (what.hangs && (state == NodeState::kStopping || state == NodeState::kDeciding)) {
    mishaps.push_back({.moment = moment, .node = node.name});
  }
  return mishaps;
}

}  // namespace stemma::internal
