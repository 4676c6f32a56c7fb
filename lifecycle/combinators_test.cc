// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/combinators.h"

#include <catch2/catch_test_macros.hpp>
#include <stdexcept>
#include <string>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/run_together.h"
#include "stemma/lifecycle/internal/start_component.h"

namespace stemma {
namespace {

using internal::kRaces;
using internal::RunTogether;

std::unique_ptr<Component> WorkerComponent(ComponentWorker worker) {
  return ComponentManagerBuilder().AddWorker(std::move(worker)).Build();
}

template <class... Components>
std::unique_ptr<Component> Merge(Components... components) {
  std::vector<std::unique_ptr<Component>> merged;
  (merged.push_back(std::move(components)), ...);
  return MergeComponents(std::move(merged));
}

// Its Start does as it is told.
class Starts final : public Component {
 public:
  explicit Starts(std::function<absl::Status(const SignalerContext&)> start)
      : start_(std::move(start)) {}
  absl::Status Start(SignalerContext context) override { return start_(context); }
  Event Ready() const override { return never_.event(); }
  Event Done() const override { return never_.event(); }

 private:
  std::function<absl::Status(const SignalerContext&)> start_;
  EventSource never_;
};

TEST_CASE("all of none are ready and done at once", "[lifecycle][L1]") {
  CHECK(AllReady({}).IsSet());
  CHECK(AllDone({}).IsSet());
}

TEST_CASE("all are ready when the last is, and done when the last is", "[lifecycle][L1]") {
  auto [context, source] = WithSignaler({});
  auto [other_context, other_source] = WithSignaler({});
  const auto a = WorkerComponent(&NoopWorker);
  const auto b = WorkerComponent(&NoopWorker);
  const Event ready = AllReady({a.get(), b.get()});
  const Event done = AllDone({a.get(), b.get()});
  REQUIRE(a->Start(context).ok());
  a->Ready().Wait();
  CHECK_FALSE(ready.IsSet());
  REQUIRE(b->Start(other_context).ok());
  ready.Wait();
  source.RequestStop({.kind = StopReason::Kind::kRequested});
  a->Done().Wait();
  CHECK_FALSE(done.IsSet());
  other_source.RequestStop({.kind = StopReason::Kind::kRequested});
  done.Wait();
  CHECK(done.IsSet());
}

TEST_CASE("a merged component is ready and done when all of its parts are", "[lifecycle][L1]") {
  auto [context, source] = WithSignaler({});
  const EventSource let_second;
  const auto merged =
      Merge(WorkerComponent(&NoopWorker),
            WorkerComponent([&](const SignalerContext& worker, const ReadyFunc& ready) {
              let_second.event().Wait();
              NoopWorker(worker, ready);
            }));
  REQUIRE(merged->Start(context).ok());
  CHECK_FALSE(merged->Ready().IsSet());
  let_second.Set();
  merged->Ready().Wait();
  CHECK_FALSE(merged->Done().IsSet());
  source.RequestStop({.kind = StopReason::Kind::kRequested});
  merged->Done().Wait();
  CHECK(merged->Done().IsSet());
}

TEST_CASE("a component merged of none is ready and done once it has started", "[lifecycle][L1]") {
  auto [context, source] = WithSignaler({});
  const auto merged = Merge();
  CHECK_FALSE(merged->Ready().IsSet());
  CHECK_FALSE(merged->Done().IsSet());
  REQUIRE(merged->Start(context).ok());
  CHECK(merged->Ready().IsSet());
  CHECK(merged->Done().IsSet());
}

TEST_CASE("the failure of one part stops the others", "[lifecycle][L5]") {
  auto [context, source] = WithSignaler({});
  const auto merged = Merge(WorkerComponent(&NoopWorker),
                            WorkerComponent([](const SignalerContext& worker, const ReadyFunc&) {
                              worker.Throw(absl::AbortedError("x"));
                            }));
  REQUIRE(merged->Start(context).ok());
  merged->Done().Wait();
  REQUIRE(source.first().has_value());
  CHECK(source.first()->status == absl::AbortedError("x"));
}

TEST_CASE(
    "the first part that does not start stops those that did, and they end before Start returns",
    "[lifecycle][L6]") {
  const std::vector<std::function<absl::Status(const SignalerContext&)>> ways = {
      [](const SignalerContext&) { return absl::UnavailableError("port"); },
      [](const SignalerContext& context) -> absl::Status {
        context.Throw(absl::UnavailableError("port"));
      },
      [](const SignalerContext&) -> absl::Status { throw std::runtime_error("port"); },
  };
  const std::vector<FailureKind> kinds = {FailureKind::kStart, FailureKind::kThrown,
                                          FailureKind::kStart};
  for (std::size_t way = 0; way < ways.size(); ++way) {
    auto [context, source] = WithSignaler({});
    bool ended = false;
    bool third_started = false;
    const auto merged = Merge(
        WorkerComponent([&](const SignalerContext& worker, const ReadyFunc& ready) {
          NoopWorker(worker, ready);
          ended = true;
        }),
        std::make_unique<Starts>(ways[way]), std::make_unique<Starts>([&](const SignalerContext&) {
          third_started = true;
          return absl::OkStatus();
        }));
    const absl::Status status = internal::StartComponent(*merged, context).status();
    CHECK(status.message().find("port") != absl::string_view::npos);
    CHECK(ended);
    CHECK_FALSE(third_started);
    CHECK_FALSE(merged->Done().IsSet());
    REQUIRE(source.first().has_value());
    CHECK(source.first()->kind == kinds[way]);
    CHECK(source.secondary().empty());
  }
}

TEST_CASE("a merged component starts once, and not with a part that is null", "[lifecycle][L6]") {
  auto [context, source] = WithSignaler({});
  const auto merged = Merge(WorkerComponent(&NoopWorker));
  REQUIRE(merged->Start(context).ok());
  CHECK(absl::IsFailedPrecondition(merged->Start(context)));
  merged->Ready().Wait();
  CHECK_FALSE(context.stop_requested());

  const auto with_null = Merge(WorkerComponent(&NoopWorker), std::unique_ptr<Component>());
  const absl::Status status = with_null->Start(context);
  CHECK(absl::IsInvalidArgument(status));
  CHECK(std::string(status.message()).find("merged component 1") != std::string::npos);
}

TEST_CASE("a merged component may be destroyed at any time", "[lifecycle][L9]") {
  auto [context, source] = WithSignaler({});
  Merge(WorkerComponent(&NoopWorker)).reset();

  // Each waits for the other: a destructor that stopped one after the other would hang.
  const EventSource first_stops;
  const EventSource second_stops;
  auto merged = Merge(WorkerComponent([&](const SignalerContext& worker, const ReadyFunc&) {
                        worker.WaitForStop();
                        first_stops.Set();
                        second_stops.event().Wait();
                      }),
                      WorkerComponent([&](const SignalerContext& worker, const ReadyFunc&) {
                        worker.WaitForStop();
                        second_stops.Set();
                        first_stops.event().Wait();
                      }));
  const Event done = merged->Done();
  REQUIRE(merged->Start(context).ok());
  merged.reset();
  CHECK(done.IsSet());
  CHECK_FALSE(context.stop_requested());
}

TEST_CASE("a failure of one part, a stop, and destroying at once", "[lifecycle][L9][race]") {
  for (int i = 0; i < kRaces; ++i) {
    std::stop_source stop;
    auto [context, source] = WithSignaler(stop.get_token());
    auto merged = Merge(WorkerComponent(&NoopWorker),
                        WorkerComponent([](const SignalerContext& worker, const ReadyFunc&) {
                          worker.Throw(absl::AbortedError("x"));
                        }));
    const Event done = merged->Done();
    REQUIRE(merged->Start(context).ok());
    RunTogether({[&] { stop.request_stop(); }, [&] { merged.reset(); }});
    REQUIRE(done.IsSet());
    REQUIRE(source.first().has_value());
  }
}

}  // namespace
}  // namespace stemma
