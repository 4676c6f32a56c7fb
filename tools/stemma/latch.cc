// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/latch.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/supervisor/internal/latch.h"

namespace stemma::tools {
namespace {

// The errors of the latch's functions in the codes of ExitCodeOf.
absl::Status InOurCodes(const absl::Status& status) {
  if (absl::IsAborted(status)) return status;
  return absl::IsInvalidArgument(status) ? absl::DataLossError(status.message())
                                         : absl::NotFoundError(status.message());
}

absl::StatusOr<Answer> Show(const std::string& file) {
  const absl::StatusOr<std::string> said = internal::ReadLatch(file);
  if (!said.ok()) return InOurCodes(said.status());
  return Answer{.text = *said + "\n", .json = {{"latch", *said}}};
}

absl::StatusOr<Answer> Clear(const std::string& file) {
  const absl::Status cleared = internal::ClearLatch(file);
  if (!cleared.ok()) return InOurCodes(cleared);
  return Answer{.json = {{"cleared", true}}};
}

}  // namespace

Verb LatchVerb() {
  return {.name = "latch",
          .group = kBesides,
          .summary = "Shows or clears what keeps a service down after a spin halt",
          .examples =
              "  stemma latch show /var/lib/shop/halt why does it refuse to start?\n"
              "  stemma latch clear /var/lib/shop/halt\n"
              "                                       that is dealt with: let it start\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto file = std::make_shared<std::string>();
            app.require_subcommand(1);
            CLI::App& show = *app.add_subcommand("show", "Tells what the latch says");
            CLI::App& clear =
                *app.add_subcommand("clear", "Removes it, so that the service can start");
            for (CLI::App* verb : {&show, &clear}) {
              verb->add_option("FILE", *file, "The latch: SupervisorOptions::spin_halt_latch")
                  ->type_name("")
                  ->required();
            }
            return [file, &show](Session&) -> absl::StatusOr<Answer> {
              return show.parsed() ? Show(*file) : Clear(*file);
            };
          }};
}

}  // namespace stemma::tools
