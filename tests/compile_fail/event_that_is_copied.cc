// expect: use of deleted function.*Event::Event
#include "engine/event.h"

// Two Events would share one parser's memory.
tripline::engine::Event copy(const tripline::engine::Event& event) { return event; }
