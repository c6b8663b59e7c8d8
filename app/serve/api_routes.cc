#include "app/serve/api_routes.h"

#include <utility>

#include "app/serve/api_answer.h"
#include "app/serve/api_json.h"
#include "app/serve/note_body.h"
#include "app/serve/signal_query.h"
#include "app/serve/stored_signals.h"

namespace tripline::app {

using connectors::net::HttpRequest;
using connectors::net::HttpResponse;
using engine::Result;
using Path = std::vector<std::string>;

namespace {

HttpResponse no_such_signal() { return error_response(404, "there is no signal of this id"); }

/// Its calls, with what they share.
class Api {
 public:
  explicit Api(ApiParts parts) : parts_(std::move(parts)), stored_(parts_.store_path) {}

  HttpResponse signals(const HttpRequest& request) {
    const auto query = read_signal_query(request.head.query(), parts_.now());
    if (!query) return failed(query.error());
    const auto accounts = parts_.accounts();
    const auto page = stored_.find(*query, accounts.get());
    return page ? answer(signals_json(*page)) : failed(page.error());
  }

  HttpResponse signal(const std::string& id) {
    if (!is_signal_id(id)) return no_such_signal();
    const auto accounts = parts_.accounts();
    const auto found = stored_.find(engine::from_hex(id), accounts.get());
    if (!found) return failed(found.error());
    return *found ? answer(signal_item_json(**found)) : no_such_signal();
  }

  HttpResponse add_note(Note::Kind kind, const HttpRequest& request, const std::string& id) {
    if (!is_json(request)) return wants_json();
    if (!is_signal_id(id)) return no_such_signal();
    auto note = read_note(request.body);
    if (!note) return failed(note.error());
    const auto digest = engine::from_hex(id);
    const auto found = stored_.find(digest, nullptr);
    if (!found) return failed(found.error());
    if (!*found) return no_such_signal();
    if ((*found)->notes.size() >= Note::kMost) return error_response(409, "this signal has 100 notes already");
    note->kind = kind;
    note->at = parts_.now();
    const auto added = parts_.add_note(digest, *note);
    if (!added) return failed(added.error());
    return *added ? signal(id) : no_such_signal();
  }

  HttpResponse rules() { return answer(rules_json(parts_.facts())); }
  HttpResponse sources() { return answer(sources_json(parts_.facts())); }

  HttpResponse store() {
    const auto counts = stored_.counts();
    return counts ? answer(store_json(parts_.facts(), *counts)) : failed(counts.error());
  }

  HttpResponse status() {
    SignalQuery newest;
    newest.limit = 1;
    const auto accounts = parts_.accounts();
    auto page = stored_.find(newest, accounts.get());
    if (!page) return failed(page.error());
    std::optional<StoredSignals::Found> last;
    if (!page->signals.empty()) last = std::move(page->signals.front());
    return answer(status_json(parts_.facts(), last));
  }

 private:
  ApiParts parts_;
  StoredSignals stored_;
};

}  // namespace

std::vector<Route> api_routes(ApiParts parts) {
  const auto api = std::make_shared<Api>(std::move(parts));
  std::vector<Route> routes{
      {"GET", "/api/v1/signals", Access::kRead,
       [api](const HttpRequest& request, const Path&) { return api->signals(request); }},
      {"GET", "/api/v1/signals/*", Access::kRead,
       [api](const HttpRequest&, const Path& path) { return api->signal(path[0]); }},
      {"GET", "/api/v1/rules", Access::kRead, [api](const HttpRequest&, const Path&) { return api->rules(); }},
      {"GET", "/api/v1/sources", Access::kRead, [api](const HttpRequest&, const Path&) { return api->sources(); }},
      {"GET", "/api/v1/store", Access::kRead, [api](const HttpRequest&, const Path&) { return api->store(); }},
      {"GET", "/api/v1/status", Access::kRead, [api](const HttpRequest&, const Path&) { return api->status(); }},
  };
  for (const NoteKindRow& row : kNoteKinds) {
    routes.push_back({"POST", "/api/v1/signals/*/" + std::string(row.action), Access::kAdmin,
                      [api, kind = row.kind](const HttpRequest& request, const Path& path) {
                        return api->add_note(kind, request, path[0]);
                      }});
  }
  return routes;
}

}  // namespace tripline::app
