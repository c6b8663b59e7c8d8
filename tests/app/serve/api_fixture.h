#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "alerts/silences.h"
#include "app/serve/api_routes.h"
#include "app/serve/outbox_routes.h"
#include "app/serve/silence_routes.h"
#include "tests/app/serve/some_facts.h"
#include "tests/app/serve/some_signals.h"

namespace tripline::app {

/// The routes of the API over facts and signals that are made up, called without a server.
class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    facts_.live.watermark_held = false;
    routes_ = api_routes({.store_path = some_.path(),
                          .facts = [this] { return facts_; },
                          .now = [] { return SomeSignals::kNow; },
                          .accounts = [] { return nullptr; },
                          .add_note = [this](const engine::Digest& id, const Note& note) -> engine::Result<bool> {
                            return some_.add_note(engine::to_hex(id), note);
                          }});
    for (Route& route : outbox_routes(outbox_parts())) routes_.push_back(std::move(route));
    for (Route& route : silence_routes(silence_parts())) routes_.push_back(std::move(route));
  }

  /// What is said to be retried or dropped, in words, is counted by its ids.
  OutboxParts outbox_parts() {
    const auto note = [this](const std::string& what) {
      return [this, what](const DeliverySelection& selection) -> engine::Result<std::uint64_t> {
        said_.push_back(what + " " + selection.sink + (selection.waiting_too ? " waiting" : ""));
        for (const std::uint64_t number : selection.numbers) said_.back() += std::to_string(number) + ",";
        return std::uint64_t{selection.numbers.size()};
      };
    };
    return {.store_path = some_.path(),
            .now = [] { return SomeSignals::kNow; },
            .status = [this] { return facts_.alerts; },
            .retry = note("retry"),
            .drop = note("drop"),
            .attempts = [](const auto& entries) -> engine::Result<std::vector<std::optional<std::uint64_t>>> {
              return std::vector<std::optional<std::uint64_t>>(entries.size(), 2);
            }};
  }

  SilenceParts silence_parts() {
    return {.now = [] { return SomeSignals::kNow; },
            .all = [this]() -> engine::Result<std::vector<alerts::Silence>> { return silences_.all(); },
            .put = [this](const alerts::Silence& silence) { return silences_.put(silence, SomeSignals::kNow); },
            .end = [this](const std::string& id) { return silences_.end(id, SomeSignals::kNow); },
            .doubts = [](const alerts::Silence&) { return std::vector<std::string>{"no rule has the id a"}; }};
  }

  connectors::net::HttpResponse call(const std::string& method, const std::string& target, std::string body = "",
                                     const std::string& type = "application/json") {
    connectors::net::HttpRequest request;
    request.head.method = method;
    request.head.target = target;
    if (!body.empty()) request.head.headers.emplace_back("content-type", type);
    request.body = std::move(body);
    for (const Route& route : routes_) {
      const auto parts = fit_path(route.path, request.head.path());
      if (parts && route.method == method) return route.answer(request, *parts);
    }
    return {.status = 404};
  }

  SomeSignals some_;
  ServerFacts facts_ = some_facts();
  std::vector<Route> routes_;
  std::vector<std::string> said_;
  alerts::Silences silences_{10};
};

}  // namespace tripline::app
