#include <cstdio>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/main.h"

using namespace stemma;

void Store(const SignalerContext& context, const ReadyFunc& ready) {
  ready();                // the greeter is started now,
  context.WaitForStop();  // and has ended before this returns
}

void Greeter(const SignalerContext& context, const ReadyFunc& ready) {
  static int attempts = 0;
  ready();
  if (++attempts == 1) context.Throw(absl::UnavailableError("lost for words"));
  std::puts("hello");
}

ComponentFactory Run(ComponentWorker worker) {
  return [worker] { return ComponentManagerBuilder().AddWorker(worker).Build(); };
}

int main(int argc, char** argv) {
  return Main(argc, argv,
              {{.name = "store", .factory = Run(Store)},
               {.name = "greeter",
                .dependencies = {"store"},
                .factory = Run(Greeter),
                .on_completion = OnCompletion::kShutdown}});
}
