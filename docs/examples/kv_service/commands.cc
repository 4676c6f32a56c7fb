// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/commands.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace kv {
namespace {

using std::chrono::milliseconds;

// Everything that one command works with.
struct Call {
  const Request& request;
  Database* database;
  const CommandHost& host;
  ClientState& client;
  std::string& reply;
  WallTime now;

  Store& store() const { return database->store(); }
  const std::string& argument(std::size_t i) const { return request[i]; }
};

using Handler = Execution (*)(const Call&);

struct CommandSpec {
  std::string_view name;  // lower case
  int arity;              // words with the name; negative: at least that many
  bool needs_database;
  Handler handler;
};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Execution Ok(const Call& call) {
  AppendSimpleString(call.reply, "OK");
  return Execution::kReplied;
}

Execution Integer(const Call& call, std::int64_t value) {
  AppendInteger(call.reply, value);
  return Execution::kReplied;
}

Execution Count(const Call& call, std::size_t value) {
  return Integer(call, static_cast<std::int64_t>(value));
}

Execution Bulk(const Call& call, std::string_view value) {
  AppendBulk(call.reply, value);
  return Execution::kReplied;
}

Execution Null(const Call& call) {
  AppendNull(call.reply);
  return Execution::kReplied;
}

Execution EmptyArray(const Call& call) {
  AppendArrayHeader(call.reply, 0);
  return Execution::kReplied;
}

Execution Error(const Call& call, const std::string& message) {
  AppendError(call.reply, "ERR " + message);
  return Execution::kReplied;
}

Execution SyntaxError(const Call& call) { return Error(call, "syntax error"); }

Execution WrongArity(const Call& call, const std::string& name) {
  return Error(call, "wrong number of arguments for '" + name + "' command");
}

Execution UnknownSubcommand(const Call& call, const std::string& command) {
  return Error(call, "unknown subcommand '" + call.argument(1) + "'. Try " + command + " HELP.");
}

// What a write that failed is answered.
Execution Failed(const Call& call, const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:  // the log is closed: its next incarnation is under way
      return Execution::kNeedsDatabase;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return Error(call, std::string(status.message()));
    default:
      AppendError(call.reply,
                  "MISCONF Errors writing to the AOF file: " + std::string(status.message()));
      return Execution::kReplied;
  }
}

// `from` plus `count` units. nullopt: beyond what the clock can say.
std::optional<WallTime> AddTime(WallTime from, std::int64_t count, std::int64_t unit_ms) {
  std::int64_t ms = 0;
  if (__builtin_mul_overflow(count, unit_ms, &ms) ||
      __builtin_add_overflow(from.time_since_epoch().count(), ms, &ms)) {
    return std::nullopt;
  }
  return WallTime(milliseconds(ms));
}

// As Redis matches: '*' any run, '?' any one character.
bool GlobMatches(std::string_view pattern, std::string_view text) {
  // Backtracking happens in the last run only: an earlier '*' never has to give anything back.
  std::size_t at = 0, matched = 0, star = 0, resume = 0;
  bool starred = false;
  while (matched < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      resume = matched;
      starred = true;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[matched])) {
      ++at;
      ++matched;
    } else if (starred) {
      at = star;
      matched = ++resume;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

Execution Ping(const Call& call) {
  if (call.request.size() > 2) return WrongArity(call, "ping");
  if (call.request.size() == 2) return Bulk(call, call.argument(1));
  AppendSimpleString(call.reply, "PONG");
  return Execution::kReplied;
}

Execution Echo(const Call& call) { return Bulk(call, call.argument(1)); }

Execution Get(const Call& call) {
  const std::optional<std::string> value = call.store().Get(call.argument(1), call.now);
  return value ? Bulk(call, *value) : Null(call);
}

// Reads EX, PX, EXAT or PXAT with its number into `expires`. Returns: an error's text, or empty.
std::string ReadExpiry(const Call& call, const std::string& option, const std::string& number,
                       std::optional<WallTime>& expires) {
  const std::optional<std::int64_t> value = ParseInteger(number);
  if (!value) return "value is not an integer or out of range";
  const bool absolute = option == "exat" || option == "pxat";
  const std::int64_t unit_ms = option == "ex" || option == "exat" ? 1000 : 1;
  expires = AddTime(absolute ? WallTime() : call.now, *value, unit_ms);
  if (*value <= 0 || !expires) return "invalid expire time in 'set' command";
  return "";
}

Execution Set(const Call& call) {
  SetOptions options;
  for (std::size_t i = 3; i < call.request.size(); ++i) {
    const std::string option = Lower(call.argument(i));
    const bool conditional = options.condition != SetCondition::kAlways;
    const bool has_expiry = options.expires.has_value() || options.keep_ttl;
    if (option == "nx" && !conditional) {
      options.condition = SetCondition::kIfAbsent;
    } else if (option == "xx" && !conditional) {
      options.condition = SetCondition::kIfPresent;
    } else if (option == "keepttl" && !has_expiry) {
      options.keep_ttl = true;
    } else if ((option == "ex" || option == "px" || option == "exat" || option == "pxat") &&
               !has_expiry && i + 1 < call.request.size()) {
      const std::string error = ReadExpiry(call, option, call.argument(++i), options.expires);
      if (!error.empty()) return Error(call, error);
    } else {
      return SyntaxError(call);
    }
  }
  const auto set = call.store().Set(call.argument(1), call.argument(2), options, call.now);
  if (!set.ok()) return Failed(call, set.status());
  return *set ? Ok(call) : Null(call);
}

Execution Del(const Call& call) {
  const auto deleted =
      call.store().Delete({call.request.begin() + 1, call.request.end()}, call.now);
  return deleted.ok() ? Count(call, *deleted) : Failed(call, deleted.status());
}

Execution Exists(const Call& call) {
  return Count(
      call, call.store().CountExisting({call.request.begin() + 1, call.request.end()}, call.now));
}

Execution Incr(const Call& call) {
  const auto value = call.store().Increment(call.argument(1), 1, call.now);
  return value.ok() ? Integer(call, *value) : Failed(call, value.status());
}

Execution ExpireCommand(const Call& call) {
  const std::optional<std::int64_t> seconds = ParseInteger(call.argument(2));
  if (!seconds) return Error(call, "value is not an integer or out of range");
  const std::optional<WallTime> expires = AddTime(call.now, *seconds, 1000);
  if (!expires) return Error(call, "invalid expire time in 'expire' command");
  const auto existed = call.store().ExpireAt(call.argument(1), *expires, call.now);
  return existed.ok() ? Integer(call, *existed ? 1 : 0) : Failed(call, existed.status());
}

Execution ReplyTimeToLive(const Call& call, std::int64_t unit_ms) {
  const auto ttl = call.store().TimeToLive(call.argument(1), call.now);
  if (!ttl) return Integer(call, -2);
  if (!*ttl) return Integer(call, -1);
  return Integer(call, ((*ttl)->count() + unit_ms / 2) / unit_ms);
}

Execution Ttl(const Call& call) { return ReplyTimeToLive(call, 1000); }
Execution Pttl(const Call& call) { return ReplyTimeToLive(call, 1); }

Execution DbSize(const Call& call) { return Count(call, call.store().size()); }

Execution FlushAll(const Call& call) {
  if (call.request.size() > 2) return SyntaxError(call);
  if (call.request.size() == 2) {
    const std::string mode = Lower(call.argument(1));
    if (mode != "async" && mode != "sync") return SyntaxError(call);
  }
  const absl::Status flushed = call.store().FlushAll();
  return flushed.ok() ? Ok(call) : Failed(call, flushed);
}

Execution Info(const Call& call) {
  std::vector<InfoSection> sections;
  if (call.host.info) sections = call.host.info();
  InfoSection keyspace{.title = "Keyspace", .lines = {}};
  if (call.database != nullptr) {
    if (const std::size_t keys = call.store().size(); keys > 0) {
      keyspace.lines.emplace_back("db0", "keys=" + std::to_string(keys));
    }
  }
  sections.push_back(std::move(keyspace));

  std::string text;
  for (const InfoSection& section : sections) {
    const bool wanted =
        call.request.size() == 1 ||
        std::any_of(call.request.begin() + 1, call.request.end(), [&](const std::string& word) {
          const std::string name = Lower(word);
          return name == Lower(section.title) || name == "all" || name == "default" ||
                 name == "everything";
        });
    if (!wanted) continue;
    if (!text.empty()) text += "\r\n";
    text += "# " + section.title + "\r\n";
    for (const auto& [key, value] : section.lines) text += key + ":" + value + "\r\n";
  }
  return Bulk(call, text);
}

Execution ConfigCommand(const Call& call) {
  if (Lower(call.argument(1)) != "get") return UnknownSubcommand(call, "CONFIG");
  if (call.request.size() < 3) return WrongArity(call, "config|get");
  std::vector<std::string_view> matches;
  for (const auto& setting : call.host.settings) {
    const bool wanted = std::any_of(
        call.request.begin() + 2, call.request.end(),
        [&](const std::string& pattern) { return GlobMatches(Lower(pattern), setting.first); });
    if (wanted) matches.insert(matches.end(), {setting.first, setting.second});
  }
  AppendArrayHeader(call.reply, matches.size());
  for (const std::string_view match : matches) AppendBulk(call.reply, match);
  return Execution::kReplied;
}

Execution Shutdown(const Call& call) {
  if (call.request.size() > 2) return SyntaxError(call);
  if (call.request.size() == 2) {
    const std::string mode = Lower(call.argument(1));
    if (mode != "nosave" && mode != "save") return SyntaxError(call);
  }
  if (!call.host.request_shutdown) return Error(call, "this server cannot be shut down");
  call.host.request_shutdown();
  return Execution::kClosed;
}

Execution Select(const Call& call) {
  const std::optional<std::int64_t> index = ParseInteger(call.argument(1));
  if (!index) return Error(call, "value is not an integer or out of range");
  return *index == 0 ? Ok(call) : Error(call, "DB index is out of range");
}

Execution Client(const Call& call) {
  const std::string subcommand = Lower(call.argument(1));
  if (subcommand == "getname") {
    if (call.request.size() != 2) return WrongArity(call, "client|getname");
    return call.client.name.empty() ? Null(call) : Bulk(call, call.client.name);
  }
  if (subcommand == "setname") {
    if (call.request.size() != 3) return WrongArity(call, "client|setname");
    const std::string& name = call.argument(2);
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; })) {
      return Error(call, "Client names cannot contain spaces, newlines or special characters.");
    }
    call.client.name = name;
    return Ok(call);
  }
  if (subcommand == "setinfo") {
    if (call.request.size() != 4) return WrongArity(call, "client|setinfo");
    const std::string attribute = Lower(call.argument(2));
    if (attribute != "lib-name" && attribute != "lib-ver") {
      return Error(call, "Unrecognized option '" + call.argument(2) + "'");
    }
    return Ok(call);
  }
  return UnknownSubcommand(call, "CLIENT");
}

Execution Debug(const Call& call) {
  if (Lower(call.argument(1)) != "fail") return UnknownSubcommand(call, "DEBUG");
  if (call.request.size() != 4) return WrongArity(call, "debug|fail");
  if (!call.host.fail_component) return Error(call, "this server has no components");
  const absl::Status failed =
      call.host.fail_component(Lower(call.argument(2)), Lower(call.argument(3)));
  return failed.ok() ? Ok(call) : Error(call, std::string(failed.message()));
}

Execution Quit(const Call& call) {
  Ok(call);
  return Execution::kRepliedLast;
}

Execution CommandCommand(const Call& call);

constexpr CommandSpec kCommands[] = {
    {"ping", -1, false, Ping},
    {"echo", 2, false, Echo},
    {"get", 2, true, Get},
    {"set", -3, true, Set},
    {"del", -2, true, Del},
    {"exists", -2, true, Exists},
    {"incr", 2, true, Incr},
    {"expire", 3, true, ExpireCommand},
    {"ttl", 2, true, Ttl},
    {"pttl", 2, true, Pttl},
    {"dbsize", 1, true, DbSize},
    {"flushall", -1, true, FlushAll},
    {"info", -1, false, Info},
    {"command", -1, false, CommandCommand},
    {"config", -2, false, ConfigCommand},
    {"shutdown", -1, false, Shutdown},
    {"select", 2, false, Select},
    {"client", -2, false, Client},
    {"debug", -2, false, Debug},
    {"quit", -1, false, Quit},
};

// redis-cli asks for these to offer hints, and is content with none.
Execution CommandCommand(const Call& call) {
  if (call.request.size() == 1) return EmptyArray(call);
  const std::string subcommand = Lower(call.argument(1));
  if (subcommand == "count") return Count(call, std::size(kCommands));
  if (subcommand == "docs" || subcommand == "info") return EmptyArray(call);
  return UnknownSubcommand(call, "COMMAND");
}

Execution UnknownCommand(const Call& call) {
  constexpr std::size_t kQuotedBytes = 128;
  std::string arguments;
  for (std::size_t i = 1; i < call.request.size() && arguments.size() < kQuotedBytes; ++i) {
    arguments += "'" + call.argument(i).substr(0, kQuotedBytes - arguments.size()) + "' ";
  }
  return Error(call, "unknown command '" + call.argument(0).substr(0, kQuotedBytes) +
                         "', with args beginning with: " + arguments);
}

}  // namespace

Execution Execute(const Request& request, Database* database, const CommandHost& host,
                  ClientState& client, std::string& reply) {
  const Call call{request, database, host, client, reply, host.now()};
  const std::string name = Lower(request.front());
  const auto* spec = std::find_if(std::begin(kCommands), std::end(kCommands),
                                  [&](const CommandSpec& s) { return s.name == name; });
  if (spec == std::end(kCommands)) return UnknownCommand(call);
  const auto words = static_cast<std::int64_t>(request.size());
  if (spec->arity >= 0 ? words != spec->arity : words < -spec->arity) {
    return WrongArity(call, name);
  }
  if (spec->needs_database && database == nullptr) return Execution::kNeedsDatabase;
  return spec->handler(call);
}

void AppendLoading(std::string& reply) {
  AppendError(reply, "LOADING Redis is loading the dataset in memory");
}

}  // namespace kv
