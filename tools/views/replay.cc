// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/replay.h"

#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "stemma/supervisor/journal.h"
#include "stemma/tools/sources/journal_reader.h"
#include "stemma/tools/views/timeline.h"

namespace stemma::tools {
namespace {

std::string Counted(std::size_t lines) {
  return absl::StrCat(lines, lines == 1 ? " line" : " lines");
}

std::string Difference(const Timeline& timeline, const JournalDifference& difference) {
  const auto text = [&](const std::optional<Action>& action) {
    return action.has_value() ? "'" + timeline.Describe(*action) + "'" : std::string("no more");
  };
  return absl::StrCat("the journal has ", text(difference.recorded), " as decision ",
                      difference.action + 1, " of this line, the replay ",
                      text(difference.decided));
}

}  // namespace

absl::Status ReplayJournal(std::istream& in, const ReplayRequest& request,
                           const ReplayOutput& output) {
  JournalReader reader(in);
  const auto remark = [&](ReplayRemark what) {
    if (output.remark) output.remark(what);
  };
  const auto fail = [&](const absl::Status& error) {
    if (absl::IsDataLoss(error)) {
      remark({.place = reader.problem().place, .text = reader.problem().text});
    }
    return error;
  };
  const auto refuse = [&](const std::string& text) {
    remark({.place = {.line = reader.line()}, .text = text});
    return absl::FailedPreconditionError("not every decision could be verified");
  };
  const auto write = [&](const std::string& text) {
    return output.write ? output.write(text) : absl::OkStatus();
  };
  absl::StatusOr<JournalHeader> header = reader.ReadHeader();
  if (!header.ok()) return fail(header.status());
  absl::StatusOr<Replayer> replayer = Replayer::Create(*header);
  if (!replayer.ok()) {
    remark({.text = std::string(replayer.status().message())});
    return absl::DataLossError(replayer.status().message());
  }
  if (output.begin) output.begin(*header);
  Timeline timeline(*header);

  std::string shown = request.verify ? "" : timeline.Title();
  std::size_t entries = 0;
  while (true) {
    absl::StatusOr<std::optional<JournalLine>> line = reader.Next();
    if (!line.ok()) {
      // What was good is shown before the error.
      if (absl::Status written = write(shown); !written.ok()) return written;
      return fail(line.status());
    }
    if (!line->has_value()) break;
    const JournalLine& what = **line;
    if (what.kind == JournalLine::Kind::kTorn) {
      remark({.place = {.line = reader.line()},
              .is_error = false,
              .text = "the last line is torn: the process ended, or still runs; what stands before "
                      "is good"});
      break;
    }
    if (what.kind == JournalLine::Kind::kGap) {
      if (request.verify) {
        return refuse(absl::StrCat(Counted(what.lost), " missing here: the ", Counted(entries),
                                   " before are verified, what follows cannot be"));
      }
      shown += timeline.ShowGap(what.lost);
      continue;
    }
    if (what.kind == JournalLine::Kind::kAdded) {
      timeline.Show(what.entry);  // it follows the names; nobody knows when that was
      continue;
    }
    if (request.until.has_value() && what.entry.at - header->at > *request.until) break;
    ++entries;
    if (output.entry) output.entry(what.entry);
    if (request.verify) {
      if (const auto difference = replayer->Next(what.entry)) {
        return refuse(Difference(timeline, *difference));
      }
      timeline.Show(what.entry);  // it follows the names
    } else {
      shown += timeline.Show(what.entry);
    }
    constexpr std::size_t kEnough = 1 << 16;
    if (shown.size() < kEnough) continue;
    if (absl::Status written = write(std::exchange(shown, "")); !written.ok()) {
      return written;
    }
  }
  if (request.verify) {
    shown = absl::StrCat("ok: ", Counted(entries), ", every decision is the same\n");
  } else if (request.until.has_value()) {
    absl::StrAppend(&shown, "then\n", timeline.States());
  }
  return write(shown);
}

}  // namespace stemma::tools
