// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_FAILURE_H_
#define STEMMA_LIFECYCLE_FAILURE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "stemma/lifecycle/source_location.h"

namespace stemma {

// How a failure came about.
enum class FailureKind {
  // The component said so: `SignalerContext::Throw` or `Report` (L3).
  kThrown,
  // An exception escaped a worker (L4); the status holds its type's name and `what()`.
  kException,
  // The factory returned an error or null, or threw (S3).
  kFactory,
  // `Start` returned an error or let an exception escape (S3).
  kStart,
  // Not ready within the start timeout (S3).
  kStartTimeout,
  // The component ended before it was ready (S3).
  kEndedBeforeReady,
  // A worker went too long without a heartbeat (S22).
  kWatchdog,
  // A supervisor that runs as a component has shut down (S18).
  kNestedShutdown,
  // A supervisor that runs as a component has come to a spin halt (S18).
  kNestedSpinHalt,
};

// Returns: the enumerator's name without the k ("Thrown").
std::string_view ToString(FailureKind kind);

// What went wrong, as it is handed to an `OnError` handler. A plain value.
struct Failure {
  // How it came about. Default: kThrown.
  FailureKind kind = FailureKind::kThrown;
  // The error. Never OK in a failure that Stemma delivers. Default: an unspecified Internal error.
  absl::Status status = absl::InternalError("unspecified failure");
  // The name of the node. Default: empty, which it stays outside a supervisor.
  std::string component = {};
  // The name of the worker that failed. Default: empty: no worker is to blame.
  std::string worker = {};
  // Where it was thrown or reported. Default: nowhere (`line() == 0`), which it stays for
  // exceptions and timeouts.
  SourceLocation where = {};
};

// Returns: one line for people, for example
//   `db/flusher failed (Thrown): DATA_LOSS: checksum mismatch [store/flusher.cc:81]`
// Parts that are not known are left out; line breaks and other control characters in the message
// are escaped, so that one failure stays one line of a log.
std::string Describe(const Failure& failure);

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_FAILURE_H_
