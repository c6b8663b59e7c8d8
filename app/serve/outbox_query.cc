#include "app/serve/outbox_query.h"

#include <charconv>
#include <cstdint>
#include <set>
#include <string>

#include <simdjson.h>

#include "app/serve/query_string.h"

namespace tripline::app {

using engine::ErrorCode;
using engine::fail;
using engine::store::DeliveryQuery;

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMostListed = 500;
constexpr std::size_t kListed = 50;  // if nobody says
constexpr std::size_t kMostIds = 1000;

bool read_number(std::string_view text, std::uint64_t& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

struct Parameter {
  std::string_view name;
  std::string_view takes;
  bool (*read)(std::string_view value, DeliveryQuery& into);
};
constexpr Parameter kParameters[] = {
    {"sink", "the name of a sink",
     [](std::string_view value, DeliveryQuery& into) {
       into.sink = value;
       return !value.empty();
     }},
    {"state", "waiting or parked",
     [](std::string_view value, DeliveryQuery& into) {
       into.which = value == "parked" ? DeliveryQuery::Which::kParked : DeliveryQuery::Which::kWaiting;
       return value == "parked" || value == "waiting";
     }},
    {"after", "the `next` of an answer",
     [](std::string_view value, DeliveryQuery& into) { return read_number(value, into.after); }},
    {"limit", "a number from 1 to 500",
     [](std::string_view value, DeliveryQuery& into) {
       std::uint64_t limit = 0;
       if (!read_number(value, limit) || limit < 1 || limit > kMostListed) return false;
       into.limit = static_cast<std::size_t>(limit);
       return true;
     }},
};

engine::Error bad(bool waiting) {
  return fail(ErrorCode::kBadInput,
              std::string(R"(the body is to be {"ids": [1, 2]}, at most 1000 of them, or {"sink": "soc"})") +
                  (waiting ? R"(, or {"sink": "soc", "waiting": true})" : ""));
}

bool read_ids(const dom::element& value, DeliverySelection& into) {
  dom::array ids;
  if (value.get(ids) != simdjson::SUCCESS) return false;
  for (const dom::element id : ids) {
    std::uint64_t number = 0;
    if (id.get(number) != simdjson::SUCCESS) return false;
    into.numbers.push_back(number);
  }
  return !into.numbers.empty() && into.numbers.size() <= kMostIds;
}

}  // namespace

engine::Result<DeliveryQuery> read_outbox_query(std::string_view query) {
  DeliveryQuery read;
  read.limit = kListed;
  std::set<std::string_view> seen;
  for (const auto& [name, value] : query_parameters(query)) {
    const Parameter* known = nullptr;
    for (const Parameter& one : kParameters) known = one.name == name ? &one : known;
    if (known == nullptr) {
      return fail(ErrorCode::kBadInput, "there is no such parameter; there are sink, state, after, limit");
    }
    const std::string named = "`" + std::string(known->name) + "`";
    if (!seen.insert(known->name).second) return fail(ErrorCode::kBadInput, named + " is there twice");
    if (!known->read(value, read)) return fail(ErrorCode::kBadInput, named + " takes " + std::string(known->takes));
  }
  return read;
}

engine::Result<DeliverySelection> read_selection(std::string_view body, bool waiting) {
  dom::parser parser;
  dom::object object;
  if (parser.parse(simdjson::padded_string(body)).get(object) != simdjson::SUCCESS) return bad(waiting);
  DeliverySelection read;
  for (const auto& [name, value] : object) {
    std::string_view text;
    if (name == "ids" && read_ids(value, read)) continue;
    if (name == "sink" && value.get(text) == simdjson::SUCCESS && !text.empty()) {
      read.sink = text;
    } else if (name != "waiting" || !waiting || value.get(read.waiting_too) != simdjson::SUCCESS) {
      return bad(waiting);
    }
  }
  if (read.numbers.empty() == read.sink.empty()) return bad(waiting);
  if (read.waiting_too && read.sink.empty()) return bad(waiting);
  return read;
}

}  // namespace tripline::app
