// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/failure_search.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/testing/internal/time_text.h"
#include "stemma/testing/rehearsal.h"

namespace stemma::internal {

absl::Status FailureSearch::Check(const RehearsedRun& run, const WhatMayFail& what) {
  if (run.begun()) {
    return absl::FailedPreconditionError(
        "this rehearsal has begun: failures are tried on runs of their own, from the beginning, "
        "with what Behave and When have said before it");
  }
  for (const std::string& node : what.nodes) {
    if (absl::Status known = run.Known(node); !known.ok()) return known;
  }
  if (what.errors.empty()) return absl::InvalidArgumentError("there is no error to fail with");
  for (const absl::Status& error : what.errors) {
    if (error.ok()) return absl::InvalidArgumentError("OK is no error to fail with");
  }
  return absl::OkStatus();
}

FailureSearch::FailureSearch(const RehearsedRun& run, const RehearsalClaim& claim,
                             const WhatMayFail& what)
    : run_(run),
      claim_(claim),
      what_(what),
      may_fail_(what.nodes.begin(), what.nodes.end()),
      report_{.claim = claim.description()} {}

absl::StatusOr<ClaimReport> FailureSearch::Single(const RehearsedRun& run,
                                                  const RehearsalClaim& claim,
                                                  const WhatMayFail& what) {
  if (absl::Status checked = Check(run, what); !checked.ok()) return checked;
  FailureSearch search(run, claim, what);
  search.TryNone();
  if (search.report_.holds()) search.TrySingle();
  return std::move(search.report_);
}

absl::StatusOr<ClaimReport> FailureSearch::Pairs(const RehearsedRun& run,
                                                 const RehearsalClaim& claim,
                                                 const WhatMayFail& what) {
  if (absl::Status checked = Check(run, what); !checked.ok()) return checked;
  FailureSearch search(run, claim, what);
  search.TryNone();
  if (!search.report_.holds()) return std::move(search.report_);
  // What one failure breaks, that one and another would break as well.
  const std::vector<Mishap> singles = search.TrySingle();
  if (!search.report_.holds()) return std::move(search.report_);
  for (const Mishap& first : singles) search.TryPairsWith(first);
  return std::move(search.report_);
}

void FailureSearch::TryNone() { Judge(Try({}), {}); }

std::vector<Mishap> FailureSearch::TrySingle() {
  std::vector<Mishap> happened;
  for (const Mishap& mishap : MishapsIn(Try({}).run->events(), 0, "")) {
    const Tried tried = Try({mishap});
    if (!tried.happened) continue;
    Judge(tried, {mishap});
    happened.push_back(mishap);
  }
  return happened;
}

void FailureSearch::TryPairsWith(const Mishap& first) {
  const Tried alone = Try({first});
  for (const Mishap& second : MishapsIn(alone.run->events(), alone.moments.front(), first.node)) {
    const Tried tried = Try({first, second});
    if (tried.happened) Judge(tried, {first, second});
  }
}

FailureSearch::Tried FailureSearch::Try(const std::vector<Mishap>& mishaps) {
  Tried tried{.run = run_.Afresh()};
  std::size_t happened = 0;
  for (const Mishap& mishap : mishaps) {
    // Never refused: the node is there, and nothing has happened yet.
    tried.run
        ->When(mishap.moment.Pattern(),
               [&](const std::shared_ptr<RehearsedRun>& run) {
                 const absl::Status done = mishap.failure ? run->Fail(mishap.node, *mishap.failure)
                                                          : run->Hang(mishap.node);
                 if (done.ok()) ++happened;
               })
        .IgnoreError();
  }
  Rehearsal rehearsal(tried.run);
  if (what_.course) {
    what_.course(rehearsal);
  } else {
    rehearsal.Settle();
    rehearsal.RequestStop();
    rehearsal.Settle();
  }
  tried.happened = happened == mishaps.size();
  for (const Mishap& mishap : mishaps) {
    tried.moments.push_back(mishap.moment.Pattern().Find(tried.run->events()).value_or(0));
  }
  return tried;
}

void FailureSearch::Judge(const Tried& tried, const std::vector<Mishap>& mishaps) {
  ++report_.runs;
  const RehearsedRun& run = *tried.run;
  EventClaim::Finding finding;
  if (const absl::Status round = run.simulation().GoesRound(); !round.ok()) {
    finding.why = std::string(round.message());
  } else {
    finding = claim_.CheckOn(Rehearsal(tried.run));
  }
  if (finding.holds) return;
  const bool is_first = report_.broken++ == 0;
  if (!is_first && run.events().size() >= report_.events.size()) return;
  report_.why = std::move(finding.why);
  report_.events = run.events();
  report_.scenario = mishaps.empty() ? "nothing fails" : "";
  report_.replay.clear();
  for (std::size_t i = 0; i < mishaps.size(); ++i) {
    const auto at = run.events()[tried.moments[i]].monotonic;
    absl::StrAppend(&report_.scenario, i == 0 ? "" : ", then ", mishaps[i].Words(), " at ",
                    TimeText(at), ", ", mishaps[i].moment.Words(mishaps[i].node));
    report_.replay.push_back(mishaps[i].Code());
  }
  if (what_.course) {
    report_.replay.push_back("course(rehearsal);");
  } else {
    for (const char* const line :
         {"rehearsal.Settle();", "rehearsal.RequestStop();", "rehearsal.Settle();"}) {
      report_.replay.push_back(line);
    }
  }
}

bool FailureSearch::MayFail(std::string_view node) const {
  return may_fail_.empty() || may_fail_.contains(node);
}

std::vector<Mishap> FailureSearch::MishapsIn(const std::vector<SupervisorEvent>& events,
                                             std::size_t from, std::string_view first) const {
  std::vector<Mishap> mishaps;
  std::map<std::string, NodeState> states;
  std::map<std::pair<std::string, NodeState>, int> times;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const SupervisorEvent& event = events[i];
    Moment moment;
    if (event.kind == SupervisorEvent::Kind::kTransition) {
      states[event.node] = event.to;
      moment = {
          .node = event.node, .state = event.to, .nth = ++times[std::pair(event.node, event.to)]};
    } else if (event.kind != SupervisorEvent::Kind::kAllReady) {
      continue;
    }
    if (i < from) continue;
    for (const Node& node : run_.nodes()) {
      const bool concerned = moment.node.empty() || moment.node == node.name ||
                             (!first.empty() && moment.node == first);
      if (!concerned || !MayFail(node.name)) continue;
      for (Mishap& mishap : MishapsOf(node, states[node.name], moment, what_)) {
        mishaps.push_back(std::move(mishap));
      }
    }
  }
  return mishaps;
}

}  // namespace stemma::internal

namespace stemma {

RehearsalClaim::RehearsalClaim(EventClaim claim)
    : description_(claim.description()),
      check_([claim = std::move(claim)](const Rehearsal& run) { return run.Check(claim); }) {}

std::string ClaimReport::ToString() const {
  if (holds()) return absl::StrCat("\"", claim, "\" holds of all ", runs, " runs");
  std::string text = absl::StrCat("\"", claim, "\" does not hold of ", broken, " of ", runs,
                                  " runs; this is the shortest of them:\n  ", scenario);
  if (!why.empty()) absl::StrAppend(&text, "\n  -> ", why);
  absl::StrAppend(&text, "\nIt happens again with\n  ", absl::StrJoin(replay, "\n  "),
                  "\nWhat happened:", DescribeWithTimes(events));
  return text;
}

}  // namespace stemma
