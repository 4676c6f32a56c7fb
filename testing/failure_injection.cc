// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/failure_injection.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/lifecycle/combinators.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/context_state.h"
#include "stemma/supervisor/internal/nested.h"
#include "stemma/supervisor/manifest_words.h"

namespace stemma {
namespace {

using std::chrono::nanoseconds;

constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h

// --- What fails

// A component that does not start.
class Unstartable final : public Component {
 public:
  explicit Unstartable(absl::Status error) : error_(std::move(error)) {}
  absl::Status Start(SignalerContext) override { return error_; }
  Event Ready() const override { return never_.event(); }
  Event Done() const override { return never_.event(); }

 private:
  const absl::Status error_;
  const EventSource never_;
};

// Fails in place of a real component, to whose events it looks.
class Injected final : public Component {
 public:
  Injected(InjectedFailure failure, const Component& real)
      : failure_(std::move(failure)), real_ready_(real.Ready()), real_done_(real.Done()) {}

  absl::Status Start(SignalerContext context) override {
    of_both_ = context;
    return worker_->Start(context);
  }
  Event Ready() const override { return worker_->Ready(); }
  Event Done() const override { return worker_->Done(); }

 private:
  void Run(const SignalerContext& context, const ReadyFunc& ready) const {
    if (failure_.point == FailurePoint::kBeforeReady) context.Throw(failure_.error);
    // S22. From before it is ready: a test's clock may go on as soon as it is.
    const internal::Waiting alive(internal::ContextAccess::State(context));
    ready();
    switch (failure_.point) {
      case FailurePoint::kAfter:
        if (!AwaitOrEnd(context, real_ready_)) return;
        if (failure_.when && !AwaitOrEnd(context, *failure_.when)) return;
        if (!SleptOrEnd(context, failure_.after)) return;
        context.Throw(failure_.error);
      case FailurePoint::kOnStop:
        AwaitOrEnd(context, std::nullopt);
        if (WasAsked()) context.Throw(failure_.error);
        return;
      case FailurePoint::kNeverStops:
        AwaitOrEnd(context, std::nullopt);
        if (WasAsked()) failure_.until.value_or(EventSource().event()).Wait();
        return;
      default:
        return;
    }
  }

  // By others: a component that fails by itself is not asked. Of what holds both: the real one may
  // be told, and have ended, before this is.
  bool WasAsked() const {
    return of_both_->stop_requested() && of_both_->stop_reason().kind != StopReason::Kind::kFailure;
  }

  // Returns: true once `event` is set; false when the component is asked to stop, or has ended.
  bool AwaitOrEnd(const SignalerContext& context, const std::optional<Event>& event) const {
    return Await(context, event, nanoseconds::max());
  }
  // Returns: true once the time is over; false as above.
  bool SleptOrEnd(const SignalerContext& context, nanoseconds time) const {
    return Await(context, std::nullopt, time);
  }

  bool Await(const SignalerContext& context, const std::optional<Event>& event,
             nanoseconds time) const {
    std::mutex mutex;
    std::condition_variable_any changed;
    bool is_set = false, ended = false;  // guarded by mutex
    const auto set = [&](bool& what) {
      return [&mutex, &changed, &what] {
        const std::lock_guard lock(mutex);
        what = true;
        changed.notify_all();
      };
    };
    const Subscription on_set = event ? event->OnSet(set(is_set)) : Subscription();
    const Subscription on_end = real_done_.OnSet(set(ended));
    std::unique_lock lock(mutex);
    // Woken by the event, the end of the real component, the stop, and the time.
    const auto is_over = [&] { return is_set || ended; };
    if (time == nanoseconds::max()) {
      changed.wait(lock, context.stop_token(), is_over);
      return is_set && !context.stop_requested();
    }
    const bool woken = changed.wait_for(lock, context.stop_token(), time, is_over);
    return !woken && !context.stop_requested();
  }

  const InjectedFailure failure_;
  const Event real_ready_, real_done_;
  std::optional<SignalerContext> of_both_;  // constant once the worker runs
  const std::unique_ptr<ComponentManager> worker_ =
      ComponentManagerBuilder()
          .AddWorker("injected", std::bind_front(&Injected::Run, this))
          .Build();
};

// What InjectFailure returns.
class InjectedFactory {
 public:
  InjectedFactory(ComponentFactory real, InjectedFailure failure)
      : real_(std::move(real)), failure_(std::move(failure)) {}

  absl::StatusOr<std::unique_ptr<Component>> operator()() const {
    const bool fails = incarnations_->fetch_add(1) < failure_.times;
    if (fails && failure_.point == FailurePoint::kFactory) return failure_.error;
    absl::StatusOr<std::unique_ptr<Component>> real = real_();
    if (!fails || !real.ok() || *real == nullptr) return real;
    std::vector<std::unique_ptr<Component>> parts;
    // First: when it does not start, nothing does.
    if (failure_.point == FailurePoint::kStart) {
      parts.push_back(std::make_unique<Unstartable>(failure_.error));
    } else {
      parts.push_back(std::make_unique<Injected>(failure_, **real));
    }
    parts.push_back(*std::move(real));
    return MergeComponents(std::move(parts));
  }

 private:
  const ComponentFactory real_;
  const InjectedFailure failure_;
  const std::shared_ptr<std::atomic<std::int64_t>> incarnations_ =
      std::make_shared<std::atomic<std::int64_t>>(0);
};

// --- What the text says

struct Word {
  std::string_view word;
  FailurePoint point;
};
constexpr Word kWords[] = {
    {"factory", FailurePoint::kFactory},          {"start", FailurePoint::kStart},
    {"before_ready", FailurePoint::kBeforeReady}, {"after", FailurePoint::kAfter},
    {"on_stop", FailurePoint::kOnStop},           {"never_stops", FailurePoint::kNeverStops}};
constexpr char kExpected[] =
    "expected NODE:factory, start, before_ready, after=DURATION, on_stop or never_stops, such as "
    "db:after=5s";

std::string Quoted(std::string_view text) { return absl::StrCat("'", Printable(text), "'"); }

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

// Of what stands after the colon: "after=5s*2".
absl::StatusOr<InjectedFailure> ParseFailure(std::string_view text) {
  InjectedFailure failure;
  if (const std::size_t star = text.rfind('*'); star != std::string_view::npos) {
    const std::string_view times = Trimmed(text.substr(star + 1));
    const auto [end, error] =
        std::from_chars(times.data(), times.data() + times.size(), failure.times);
    if (error != std::errc() || end != times.data() + times.size() || failure.times < 1) {
      return Wrong(absl::StrCat(Quoted(times), " is no number of times, such as 2"));
    }
    text = Trimmed(text.substr(0, star));
  }
  std::optional<std::string_view> value;
  if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
    value = Trimmed(text.substr(equals + 1));
    text = Trimmed(text.substr(0, equals));
  }
  const Word* const found = std::find_if(std::begin(kWords), std::end(kWords),
                                         [&](const Word& word) { return word.word == text; });
  if (found == std::end(kWords)) {
    std::vector<std::string_view> words;
    for (const Word& word : kWords) words.push_back(word.word);
    const std::string near = DidYouMean(text, words);
    return Wrong(absl::StrCat("no point ", Quoted(text), " at which to fail",
                              near.empty() ? absl::StrCat("; ", kExpected) : near));
  }
  failure.point = found->point;
  if (failure.point != FailurePoint::kAfter) {
    if (!value) return failure;
    return Wrong(absl::StrCat(std::string(found->word), " has no value"));
  }
  const auto after = value ? ParseManifestDuration(*value) : std::nullopt;
  if (!after || *after < nanoseconds::zero() || *after == nanoseconds::max()) {
    return Wrong(absl::StrCat(value ? Quoted(*value) + " is no duration" : "after how long?",
                              "; after=500ms or after=1m30s, for example"));
  }
  failure.after = *after;
  return failure;
}

std::vector<Node>::iterator Find(std::string_view name, std::vector<Node>& nodes) {
  return std::find_if(nodes.begin(), nodes.end(),
                      [&](const Node& node) { return node.name == name; });
}

absl::Status Inject(std::string_view name, const InjectedFailure& failure,
                    std::vector<Node>& nodes) {
  const auto node = Find(name, nodes);
  if (node == nodes.end()) {
    // Perhaps it is in one of them.
    for (std::size_t slash = name.find('/'); slash != std::string_view::npos;
         slash = name.find('/', slash + 1)) {
      const auto outer = Find(name.substr(0, slash), nodes);
      if (outer == nodes.end()) continue;
      auto* const nested = outer->factory.target<internal::NestedFactory>();
      if (nested == nullptr) continue;
      std::vector<Node> inner = *nested->nodes;
      absl::Status injected = Inject(name.substr(slash + 1), failure, inner);
      if (injected.ok()) nested->nodes = std::make_shared<const std::vector<Node>>(inner);
      return injected;
    }
    std::vector<std::string_view> names;
    for (const Node& known : nodes) names.push_back(known.name);
    return Wrong(absl::StrCat("there is no node ", Quoted(name), DidYouMean(name, names)));
  }
  if (const auto* const nested = node->factory.target<internal::NestedFactory>()) {
    return Wrong(absl::StrCat(
        Quoted(name), " is a supervisor; inject into a node in it",
        nested->nodes->empty()
            ? ""
            : absl::StrCat(", such as ",
                           Quoted(absl::StrCat(node->name, "/", nested->nodes->front().name)))));
  }
  node->factory = InjectFailure(std::move(node->factory), failure);
  return absl::OkStatus();
}

absl::Status InjectOne(std::string_view text, std::vector<Node>& nodes) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Wrong(kExpected);
  const absl::StatusOr<InjectedFailure> failure = ParseFailure(Trimmed(text.substr(colon + 1)));
  if (!failure.ok()) return failure.status();
  return Inject(Trimmed(text.substr(0, colon)), *failure, nodes);
}

}  // namespace

ComponentFactory InjectFailure(ComponentFactory factory, InjectedFailure failure) {
  return InjectedFactory(std::move(factory), std::move(failure));
}

absl::Status InjectFailures(std::string_view text, std::vector<Node>& nodes) {
  std::vector<Node> with = nodes;
  std::vector<std::string> wrong;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view one = Trimmed(text.substr(0, comma));
    if (!one.empty()) {
      const absl::Status injected = InjectOne(one, with);
      if (!injected.ok()) wrong.push_back(absl::StrCat(Quoted(one), ": ", injected.message()));
    }
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  if (!wrong.empty()) return Wrong(absl::StrJoin(wrong, "\n"));
  nodes = std::move(with);
  return absl::OkStatus();
}

std::vector<Node> WithInjectedFailures(std::vector<Node> nodes) {
  const char* const text = std::getenv(kInjectVariable);
  if (text == nullptr || Trimmed(text).empty()) return nodes;
  if (const absl::Status injected = InjectFailures(text, nodes); !injected.ok()) {
    std::fprintf(stderr, "%s:\n%s\n", kInjectVariable, std::string(injected.message()).c_str());
    std::exit(kExitUsage);
  }
  std::fprintf(stderr, "%s is set: failures are injected: %s\n", kInjectVariable,
               Printable(text).c_str());
  return nodes;
}

}  // namespace stemma
