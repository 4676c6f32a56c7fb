// SPDX-License-Identifier: Apache-2.0
// What the parts without threads allocate.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

#include "stemma/testing/benchmark/driven_engine.h"
#include "stemma/testing/benchmark/shapes.h"

namespace {

std::atomic<long> allocations{0};  // so far

void* Allocate(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace stemma::benchmark {
namespace {

TEST_CASE("an engine that runs allocates nothing for an input", "[benchmark][S23]") {
  for (const Shape shape : {Shape::kFlat, Shape::kChain, Shape::kLayered, Shape::kStar}) {
    constexpr std::size_t kNodes = 1000;
    DrivenEngine driven(shape, kNodes);
    for (NodeId id = 0; id < kNodes; ++id) driven.Restart(id);
    const long before = allocations;
    for (NodeId id = 0; id < kNodes; ++id) driven.Restart(id);
    CHECK(allocations == before);
  }
}

TEST_CASE("a cascade allocates room for its answer, and nothing for each node",
          "[benchmark][S23]") {
  DrivenEngine driven(Shape::kStar, 10'000);
  driven.Fail(0);
  const long before = allocations;
  driven.TakeDown(0);
  CHECK(allocations < before + 100);
}

TEST_CASE("a graph takes a few arrays, and nothing for each node or edge", "[benchmark]") {
  auto declarations = DeclarationsOf(Shape::kLayered, 10'000);
  const long before = allocations;
  const auto graph = DependencyGraph::Create(std::move(declarations));
  CHECK(graph.ok());
  CHECK(allocations < before + 200);
}

}  // namespace
}  // namespace stemma::benchmark
