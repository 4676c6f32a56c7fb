// SPDX-License-Identifier: Apache-2.0
// What the parts without threads cost: graphs, and the engine's decisions.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "stemma/testing/benchmark/driven_engine.h"
#include "stemma/testing/benchmark/shapes.h"

namespace stemma::benchmark {
namespace {

using ::benchmark::State;

// Each node depends on four earlier ones, as far away as may be.
std::vector<DependencyGraph::Declaration> ScatteredDeclarations(std::size_t nodes) {
  std::mt19937 random(1);
  std::vector<DependencyGraph::Declaration> declarations = DeclarationsOf(Shape::kFlat, nodes);
  for (std::size_t node = 4; node < nodes; ++node) {
    const std::size_t step = node / 4;  // one of each quarter: four different ones
    for (std::size_t quarter = 0; quarter < 4; ++quarter) {
      declarations[node].dependencies.push_back(NameOf(quarter * step + random() % step));
    }
  }
  return declarations;
}

void Create(State& state) {
  const auto declarations = ScatteredDeclarations(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    state.PauseTiming();
    auto copy = declarations;
    state.ResumeTiming();
    auto graph = DependencyGraph::Create(std::move(copy));
    ::benchmark::DoNotOptimize(graph);
    state.PauseTiming();
    graph = DependencyGraph();
    state.ResumeTiming();
  }
}
BENCHMARK(Create)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(
    ::benchmark::kMillisecond);

// The same node again and again: what one input costs.
void InputsOfOneNode(State& state) {
  DrivenEngine driven(Shape::kLayered, static_cast<std::size_t>(state.range(0)));
  const auto id = static_cast<NodeId>(state.range(0) / 2);
  std::int64_t inputs = 0;
  for (auto _ : state) inputs += driven.Restart(id);
  state.SetItemsProcessed(inputs);
}
BENCHMARK(InputsOfOneNode)->RangeMultiplier(10)->Range(10, 1'000'000);

// One node after the other, all over the graph: the same, and memory that no cache holds.
void InputsOfAllNodes(State& state) {
  const auto nodes = static_cast<std::size_t>(state.range(0));
  DrivenEngine driven(Shape::kLayered, nodes);
  std::size_t id = 0;
  std::int64_t inputs = 0;
  for (auto _ : state) {
    inputs += driven.Restart(static_cast<NodeId>(id));
    id = (id + 618'033'989) % nodes;
  }
  state.SetItemsProcessed(inputs);
}
BENCHMARK(InputsOfAllNodes)->RangeMultiplier(10)->Range(10, 1'000'000);

// A verdict that takes down as many nodes as there are; items are nodes.
void Cascade(State& state, Shape shape) {
  const auto nodes = static_cast<std::size_t>(state.range(0));
  const DrivenEngine all_ready(shape, nodes);
  DrivenEngine driven = all_ready;
  for (auto _ : state) {
    driven =
        all_ready;  // assigned: like the shell, it keeps the memory that its answers have needed
    driven.Fail(0);
    const auto began = std::chrono::steady_clock::now();
    ::benchmark::DoNotOptimize(driven.TakeDown(0));
    state.SetIterationTime(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK_CAPTURE(Cascade, star, Shape::kStar)->Arg(1'000)->Arg(100'000)->UseManualTime();
BENCHMARK_CAPTURE(Cascade, chain, Shape::kChain)->Arg(1'000)->Arg(100'000)->UseManualTime();

}  // namespace
}  // namespace stemma::benchmark

BENCHMARK_MAIN();
