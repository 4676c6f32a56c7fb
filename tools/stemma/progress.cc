// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/progress.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/tools/stemma/output.h"

namespace stemma::tools {
namespace {

using std::chrono_literals::operator""ms;

constexpr auto kFirst = 500ms, kEvery = 100ms;
constexpr char kClearLine[] = "\r\x1b[K";

}  // namespace

Progress::Progress(std::string what)
    : what_(std::move(what)), shows_(isatty(STDERR_FILENO) != 0), next_(Clock::now() + kFirst) {}

Progress::~Progress() {
  if (is_shown_) tools::Tell(kClearLine);
}

void Progress::Tell(double share) {
  if (!shows_ || Clock::now() < next_) return;
  next_ = Clock::now() + kEvery;
  is_shown_ = true;
  tools::Tell(absl::StrCat(kClearLine, what_, ": ", static_cast<int>(100 * share), " %"));
}

}  // namespace stemma::tools
