#include "engine/batch.h"

#include <iterator>

namespace tripline::engine {

namespace {

template <class T>
void append_to(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void Batch::append(Batch more) {
  append_to(matches, more.matches);
  append_to(taken_away, more.taken_away);
  append_to(mints, more.mints);
  append_to(undecided, more.undecided);
}

}  // namespace tripline::engine
