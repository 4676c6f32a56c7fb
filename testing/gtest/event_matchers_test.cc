// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/gtest/event_matchers.h"

#include "gtest/gtest.h"
#include "stemma/testing/rehearsal.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/service_under_test.h"

namespace stemma {
namespace {

using gtest::Shows;
using ::testing::Not;

TEST(EventMatchersTest, ShowsMatchesARecorderOfWhichTheClaimHoldsAndTellsWhyItDoesNot) {
  ScriptedComponent db("db"), api("api");
  ServiceUnderTest service({db.node(), api.node({"db"})});
  service.RequireReady();
  service.Stop();
  EXPECT_THAT(service.events(), Shows(On("db").Stopped().After(On("api").Stopped())));
  EXPECT_THAT(service.events(), Not(Shows(On("api").Stopped().After(On("db").Stopped()))));
  EXPECT_THAT(service.events().events(), Shows(On("api").Restarted().Never()));

  const ::testing::Matcher<const EventRecorder&> matcher = Shows(On("api").Restarted().Happened());
  ::testing::StringMatchResultListener listener;
  EXPECT_FALSE(matcher.MatchAndExplain(service.events(), &listener));
  EXPECT_EQ(listener.str(), "but: it did not happen");
  EXPECT_EQ(::testing::DescribeMatcher<const EventRecorder&>(matcher), "shows: api restarted");
}

TEST(EventMatchersTest, ShowsMatchesARehearsal) {
  Rehearsal rehearsal({{.name = "db"}, {.name = "api", .dependencies = {"db"}}});
  rehearsal.Settle();
  EXPECT_THAT(rehearsal, Shows(On("api").Ready().After(On("db").Ready())));
  EXPECT_THAT(rehearsal, Not(Shows(On("db").Restarted().Happened())));
}

}  // namespace
}  // namespace stemma
