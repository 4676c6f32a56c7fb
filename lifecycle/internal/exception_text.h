// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_EXCEPTION_TEXT_H_
#define STEMMA_LIFECYCLE_INTERNAL_EXCEPTION_TEXT_H_

#include <string>

namespace stemma::internal {

// Returns: the demangled type of the exception being handled and its `what()`, as
// "std::out_of_range: no such key", or the type alone when the exception is not a std::exception;
// the status of a `SignalerContext::Throw`.
// REQUIRES: called in a catch block, on the thread that threw: exceptions do not travel between
// threads here.
//
// Rethrows the exception by which pthread_exit and pthread_cancel unwind a thread: swallowing that
// one ends the process (L4). So whoever catches everything calls this.
std::string CurrentExceptionText();

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_EXCEPTION_TEXT_H_
