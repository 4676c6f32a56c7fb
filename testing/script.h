// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_SCRIPT_H_
#define STEMMA_TESTING_SCRIPT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/source_location.h"

namespace stemma {

// One thing that a scripted component does. A plain value; make one with the functions below.
struct Step {
  enum class Kind : std::uint8_t {
    kReady,
    kError,
    kThrow,
    kReport,
    kException,
    kEnd,
    kHang,
    kCall
  };
  Kind kind = Kind::kReady;
  absl::Status status = absl::OkStatus();  // of kError, kThrow and kReport
  std::string text = {};                   // of kException
  ComponentWorker call = {};               // of kCall
  SourceLocation where = {};               // of kThrow and kReport: what the failure says

  // Calls the ReadyFunc. On the worker only.
  static Step Ready() { return {.kind = Kind::kReady}; }
  // Returns `status`: the factory's error, or Start's.
  static Step Error(absl::Status status) {
    return {.kind = Kind::kError, .status = std::move(status)};
  }
  // SignalerContext::Throw. In Start or on the worker, where it is the last step.
  static Step Throw(absl::Status status, SourceLocation where = SourceLocation::current()) {
    return {.kind = Kind::kThrow, .status = std::move(status), .where = where};
  }
  // SignalerContext::Report. In Start or on the worker, which goes on.
  static Step Report(absl::Status status, SourceLocation where = SourceLocation::current()) {
    return {.kind = Kind::kReport, .status = std::move(status), .where = where};
  }
  // Lets a std::runtime_error escape. Anywhere but in the destructor.
  static Step Exception(std::string what) {
    return {.kind = Kind::kException, .text = std::move(what)};
  }
  // Returns from the worker: a clean end, if it was ready.
  static Step End() { return {.kind = Kind::kEnd}; }
  // Comes to a halt: deaf to a stop, and without a sign of life. Only the test ends it, by `LetGo`;
  // on the worker also by a step that it is told to take.
  static Step Hang() { return {.kind = Kind::kHang}; }
  // Runs a worker's code: publishes to a slot, say. On the worker only.
  static Step Call(ComponentWorker call) { return {.kind = Kind::kCall, .call = std::move(call)}; }
};

// What each incarnation of a scripted component does at every point of its life where it is called.
// By default it is made, is ready at once, ends when it is asked to stop, and does in between what
// the test tells it.
//
// REQUIRES: steps only where their comments say; one at a wrong place fails the test.
//
// Example:
//   Script{.factory = {Step::Error(absl::UnavailableError("no disk"))}}  // cannot be made
//   Script{.work = {Step::Throw(absl::DataLossError("bad page"))}}       // fails before ready
//   Script{.stop = {Step::Hang()}}                                       // slow to stop
//   Script{.work = {Step::Ready(), Step::Hang()}}                        // deaf
struct Script {
  // In the factory: Error, Exception, Hang.
  std::vector<Step> factory = {};
  // In Start: Error, Throw, Report, Exception, Hang.
  std::vector<Step> start = {};
  // On the worker, first; then it waits: for what the test tells it, and for the stop. A wait that
  // is a sign of life (S22). Default: ready.
  std::vector<Step> work = {Step::Ready()};
  // On the worker, once it is asked to stop or has failed by Report; then it returns.
  std::vector<Step> stop = {};
  // In the destructor, after the worker has ended: Hang.
  std::vector<Step> destructor = {};
  // The worker's name.
  std::string worker = "main";
};

}  // namespace stemma

#endif  // STEMMA_TESTING_SCRIPT_H_
