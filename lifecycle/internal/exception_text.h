// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_EXCEPTION_TEXT_H_
#define STEMMA_LIFECYCLE_INTERNAL_EXCEPTION_TEXT_H_

#include <cxxabi.h>

#include <string>

// `STEMMA_RETHROW_FORCED_UNWIND` goes before a `catch (...)`: pthread_exit and pthread_cancel
// unwind the thread by an exception of the runtime, and swallowing that one ends the process (L4).
#if defined(__GLIBCXX__)
#define STEMMA_RETHROW_FORCED_UNWIND    \
  catch (const abi::__forced_unwind&) { \
    throw;                              \
  }
#else
#define STEMMA_RETHROW_FORCED_UNWIND
#endif

namespace stemma::internal {

// Returns: the demangled type of the exception being handled and its `what()`, as
// "std::out_of_range: no such key", or the type alone when the exception is not a std::exception.
// REQUIRES: called in a catch block, on the thread that threw: exceptions do not travel between
// threads here.
std::string CurrentExceptionText();

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_EXCEPTION_TEXT_H_
