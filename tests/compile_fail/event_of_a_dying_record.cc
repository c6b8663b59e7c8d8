// expect: use of deleted function.*Event::read
#include "engine/event.h"

// An Event is a view: the record must outlive it.
void read(tripline::engine::Event& event) { (void)event.read(tripline::engine::Record{}); }
