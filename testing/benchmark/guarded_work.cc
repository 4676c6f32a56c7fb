// SPDX-License-Identifier: Apache-2.0
// Work of a known size, for instructions_test.sh to count the instructions of: only what runs
// within Guarded counts.
//
//     guarded_work inputs|cascade|create NODES
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "stemma/testing/benchmark/driven_engine.h"
#include "stemma/testing/benchmark/shapes.h"

namespace stemma::benchmark {
namespace {

constexpr int kRestarts = 200;

}  // namespace

// Not in the anonymous namespace: its name is what counting is switched by.
template <class Work>
[[gnu::noinline]] void Guarded(const Work& work) {
  work();
}

int Main(std::string_view what, std::size_t nodes) {
  if (what == "inputs") {
    DrivenEngine driven(Shape::kFlat, nodes);
    driven.Restart(0);  // the first takes memory, which the others use again
    Guarded([&] {
      for (int i = 0; i < kRestarts; ++i) driven.Restart(static_cast<NodeId>(nodes / 2));
    });
  } else if (what == "cascade") {
    DrivenEngine driven(Shape::kStar, nodes);
    driven.Fail(0);
    Guarded([&] { driven.TakeDown(0); });
  } else if (what == "create") {
    auto declarations = DeclarationsOf(Shape::kLayered, nodes);
    Guarded([&] {
      if (!DependencyGraph::Create(std::move(declarations)).ok()) std::abort();
    });
  } else {
    return 64;
  }
  return 0;
}

}  // namespace stemma::benchmark

int main(int argc, char** argv) {
  const std::size_t nodes = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const int code = nodes > 0 ? stemma::benchmark::Main(argv[1], nodes) : 64;
  if (code != 0) std::fputs("usage: guarded_work inputs|cascade|create NODES\n", stderr);
  return code;
}
