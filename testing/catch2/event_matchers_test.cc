// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/catch2/event_matchers.h"

#include "catch2/catch_test_macros.hpp"
#include "stemma/testing/rehearsal.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/service_under_test.h"

namespace stemma {
namespace {

using catch2::Shows;

TEST_CASE("Shows matches a recorder of which the claim holds, and tells why it does not",
          "[testing]") {
  ScriptedComponent db("db"), api("api");
  ServiceUnderTest service({db.node(), api.node({"db"})});
  service.RequireReady();
  service.Stop();
  CHECK_THAT(service.events(), Shows(On("db").Stopped().After(On("api").Stopped())));
  CHECK_THAT(service.events(), !Shows(On("api").Stopped().After(On("db").Stopped())));
  CHECK_THAT(service.events().events(), Shows(On("api").Restarted().Never()));

  const auto matcher = Shows(On("api").Restarted().Happened());
  CHECK_FALSE(matcher.match(service.events()));
  CHECK(matcher.describe() == "shows: api restarted\nbut: it did not happen");
}

TEST_CASE("Shows matches a rehearsal, and knows its nodes", "[testing]") {
  Rehearsal rehearsal({{.name = "db"}, {.name = "api", .dependencies = {"db"}}});
  rehearsal.Settle();
  CHECK_THAT(rehearsal, Shows(On("api").Ready().After(On("db").Ready())));
  const auto matcher = Shows(On("bd").Restarted().Never());
  CHECK_FALSE(matcher.match(rehearsal));
  CHECK(matcher.describe() ==
        "shows: never bd restarted\nbut: there is no node 'bd'; did you mean 'db'?");
}

}  // namespace
}  // namespace stemma
