// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/exception_text.h"

#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>

namespace stemma::internal {
namespace {

std::string TypeName(const std::type_info& type) {
  const std::unique_ptr<char, void (*)(void*)> demangled(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr), &std::free);
  return demangled != nullptr ? demangled.get() : type.name();
}

}  // namespace

std::string CurrentExceptionText() {
  try {
    throw;
  } catch (const std::exception& error) {
    return TypeName(typeid(error)) + ": " + error.what();
  }
  STEMMA_RETHROW_FORCED_UNWIND
  catch (...) {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    return type != nullptr ? TypeName(*type) : "an exception of unknown type";
  }
}

}  // namespace stemma::internal
