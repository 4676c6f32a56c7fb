// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/source.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest_request.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {
namespace {

constexpr std::size_t kMaxText = std::size_t{1} << 28;
constexpr int kManifestFd = 3;

std::string Quoted(const std::string& text) { return "'" + Printable(text) + "'"; }

absl::StatusOr<std::string> ReadAll(int descriptor, const std::string& label) {
  std::string text;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t n = read(descriptor, buffer.data(), buffer.size());
    if (n == 0) return text;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return absl::NotFoundError(absl::StrCat("cannot read ", label, ": ", std::strerror(errno)));
    }
    text.append(buffer.data(), static_cast<std::size_t>(n));
    if (text.size() > kMaxText) {
      return absl::DataLossError(
          absl::StrCat(label, " is larger than 256 MiB: no graph that can be shown is"));
    }
  }
}

absl::StatusOr<SourceText> ReadFile(const std::string& path) {
  const bool is_stdin = path == "-";
  SourceText source = {.label = is_stdin ? "<standard input>" : Printable(path)};
  const int descriptor = is_stdin ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return absl::NotFoundError(
        absl::StrCat("cannot open ", Quoted(path), ": ", std::strerror(errno)));
  }
  absl::StatusOr<std::string> text = ReadAll(descriptor, source.label);
  if (!is_stdin) close(descriptor);
  if (!text.ok()) return text.status();
  source.text = *std::move(text);
  return source;
}

// Why an answer is none. Empty: it is one.
std::string WhyNoAnswer(const ProcessAnswer& answer, const SourceRequest& request) {
  constexpr char kNoMain[] = "; does its main call stemma::Main?";
  switch (answer.end) {
    case ProcessAnswer::End::kTimedOut:
      return absl::StrCat("did not answer within ", ManifestDuration(request.timeout),
                          " and was killed", kNoMain, " (--timeout gives it longer)");
    case ProcessAnswer::End::kAnsweredTooMuch:
      return "answered with more than 256 MiB and was killed";
    case ProcessAnswer::End::kSignalled:
      return absl::StrCat("was ended by signal ", answer.code, " (", strsignal(answer.code), ")",
                          answer.text.empty() ? " before it answered" : " while it answered");
    case ProcessAnswer::End::kExited:
      if (answer.text.empty()) {
        return absl::StrCat("ended with exit code ", answer.code,
                            " without answering: its main does not call stemma::Main, or ends "
                            "before it does");
      }
      if (answer.code != 0) {
        return absl::StrCat("ended with exit code ", answer.code, " while it answered");
      }
      return "";
  }
  return "ended in an unknown way";
}

absl::StatusOr<SourceText> AskProgram(const SourceRequest& request) {
  const ProcessRequest process = {
      .command = *request.program,
      .environment = {absl::StrCat(kManifestFdVariable, "=", kManifestFd)},
      .answer_fd = kManifestFd,
      .timeout = request.timeout,
      .max_answer = kMaxText};
  absl::StatusOr<ProcessAnswer> answer = RunProcess(process);
  if (!answer.ok()) return answer.status();
  const std::string& program = request.program->front();
  if (const std::string reason = WhyNoAnswer(*answer, request); !reason.empty()) {
    return absl::UnavailableError(absl::StrCat("the program ", Quoted(program), " ", reason));
  }
  return SourceText{.text = std::move(answer->text),
                    .label = Printable(program),
                    .has_places = false,
                    .is_manifest = true};
}

}  // namespace

absl::StatusOr<SourceText> ReadSource(const SourceRequest& request) {
  const bool has_program = request.program.has_value();
  if (has_program && !request.file.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("two sources: the file ", Quoted(request.file),
                                                   " and the program after --; give one"));
  }
  if (has_program && (request.program->empty() || request.program->front().empty())) {
    return absl::InvalidArgumentError("there is no program after --");
  }
  if (!has_program && request.file.empty()) {
    return absl::InvalidArgumentError(
        "no source: give a file, - for standard input, or -- PROGRAM");
  }
  return has_program ? AskProgram(request) : ReadFile(request.file);
}

}  // namespace stemma::tools
