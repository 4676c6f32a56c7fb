// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/failure.h"

#include <cstdio>

namespace stemma {
namespace {

std::string OnOneLine(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      line += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(byte));
      line += escaped;
    } else {
      line += c;
    }
  }
  return line;
}

}  // namespace

std::string_view ToString(FailureKind kind) {
  switch (kind) {
    case FailureKind::kThrown:
      return "Thrown";
    case FailureKind::kException:
      return "Exception";
    case FailureKind::kFactory:
      return "Factory";
    case FailureKind::kStart:
      return "Start";
    case FailureKind::kStartTimeout:
      return "StartTimeout";
    case FailureKind::kEndedBeforeReady:
      return "EndedBeforeReady";
    case FailureKind::kWatchdog:
      return "Watchdog";
    case FailureKind::kNestedShutdown:
      return "NestedShutdown";
    case FailureKind::kNestedSpinHalt:
      return "NestedSpinHalt";
  }
  return "unknown failure kind";
}

std::string Describe(const Failure& failure) {
  std::string line = failure.component;
  if (!failure.worker.empty()) {
    if (!line.empty()) line += '/';
    line += failure.worker;
  }
  if (line.empty()) line = "component";
  line += " failed (";
  line += ToString(failure.kind);
  line += "): ";
  line += failure.status.ToString();
  if (failure.where.line() != 0) {
    line += " [";
    line += failure.where.file_name();
    line += ':' + std::to_string(failure.where.line()) + ']';
  }
  return OnOneLine(line);
}

}  // namespace stemma
