// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_REQUIRE_CXX20_H_
#define STEMMA_LIFECYCLE_INTERNAL_REQUIRE_CXX20_H_

// Included by the lowest headers, so that a build in an older dialect ends with one sentence and
// not with pages of template errors. The dialect belongs to the whole build (Abseil's ABI depends
// on it), hence no target sets it.
#if defined(_MSVC_LANG)
#define STEMMA_INTERNAL_CPLUSPLUS _MSVC_LANG
#else
#define STEMMA_INTERNAL_CPLUSPLUS __cplusplus
#endif

#if STEMMA_INTERNAL_CPLUSPLUS < 202002L
#error \
    "Stemma needs C++20: build everything with -std=c++20 (Bazel: --cxxopt=-std=c++20 in your .bazelrc)."
#else
#include <version>
#ifndef __cpp_lib_jthread
#error \
    "Stemma needs a standard library with std::stop_token (__cpp_lib_jthread): libstdc++ 10 or later."
#endif
#endif

#undef STEMMA_INTERNAL_CPLUSPLUS

#endif  // STEMMA_LIFECYCLE_INTERNAL_REQUIRE_CXX20_H_
