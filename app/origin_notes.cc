#include "app/origin_notes.h"

#include "app/quantity.h"

namespace tripline::app {

void print_origin_notes(const engine::State& state, Console& console) {
  const engine::OriginState* origins = state.origins();
  if (origins == nullptr) return;
  if (const auto waiting = origins->waiting(); waiting > 0) {
    console.note(counted(waiting, "event waits", "events wait") +
                 " for who is behind it: the call that made its credentials was not there yet");
  }
  const auto& counters = origins->counters();
  if (counters.without_room > 0) {
    console.warning(counted(counters.without_room, "event was", "events were") +
                    " judged without knowing who is behind it, as too many wait");
  }
  if (counters.without_rules > 0) {
    console.note(counted(counters.without_rules, "event") + " waited for rules that are gone");
  }
  if (const auto dropped = origins->lineage().dropped(); dropped > 0) {
    console.warning("too many credentials are live; origins of " + grouped(dropped) + " further ones are not known");
  }
}

}  // namespace tripline::app
