// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/exception_text.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>

#include "stemma/lifecycle/internal/unwind.h"

namespace stemma::internal {
namespace {

std::string TypeName(const std::type_info& type) {
  const std::unique_ptr<char, void (*)(void*)> demangled(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr), &std::free);
  return demangled != nullptr ? demangled.get() : type.name();
}

}  // namespace

#if defined(__GLIBCXX__)
// A forced unwind has no object behind the reference that catches it.
__attribute__((no_sanitize("null")))
#endif
std::string
CurrentExceptionText() {
  try {
    throw;
  } catch (const std::exception& error) {
    return TypeName(typeid(error)) + ": " + error.what();
  } catch (const Unwind& unwind) {
    return "SignalerContext::Throw: " + unwind.status.ToString();
#if defined(__GLIBCXX__)
  } catch (const abi::__forced_unwind&) {
    throw;
#endif
  } catch (...) {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    return type != nullptr ? TypeName(*type) : "an exception of unknown type";
  }
}

}  // namespace stemma::internal
