// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_TESTED_ENGINE_H_
#define STEMMA_TESTING_INTERNAL_TESTED_ENGINE_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "stemma/supervisor/internal/engine_fingerprint.h"
#include "stemma/supervisor/internal/engine_referee.h"
#include "stemma/testing/explorer.h"

namespace stemma::internal {

// An engine to be explored: the one, or a broken copy of it.
class TestedEngine {
 public:
  virtual ~TestedEngine() = default;
  virtual std::unique_ptr<TestedEngine> Clone() const = 0;
  virtual void Handle(const Input& input, Engine::Time now, std::vector<Action>& actions) = 0;
  virtual EngineClaims Claims() const = 0;
  virtual void AppendFingerprint(Engine::Time now, std::string& key) const = 0;
  virtual const std::shared_ptr<const DependencyGraph>& graph() const = 0;
};

template <class EngineType>
class TestedEngineOf final : public TestedEngine {
 public:
  explicit TestedEngineOf(const Exploration& what)
      : engine_(what.graph, what.policies, what.options) {}
  std::unique_ptr<TestedEngine> Clone() const override {
    return std::make_unique<TestedEngineOf>(*this);
  }
  void Handle(const Input& input, Engine::Time now, std::vector<Action>& actions) override {
    engine_.Handle(input, now, actions);
  }
  EngineClaims Claims() const override { return ClaimsOf(engine_); }
  void AppendFingerprint(Engine::Time now, std::string& key) const override {
    EngineFingerprint::Append(engine_, now, key);
  }
  const std::shared_ptr<const DependencyGraph>& graph() const override {
    return engine_.shared_graph();
  }

 private:
  EngineType engine_;
};

// As Explore and Describe. REQUIRES: `engine` was made from `what`, and has not begun.
Explored ExploreEngine(const Exploration& what, const TestedEngine& engine);
std::string DescribeWith(const Exploration& what, const TestedEngine& engine,
                         const Explored& explored);

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_TESTED_ENGINE_H_
