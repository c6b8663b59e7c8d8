#include "tests/support/events.h"

namespace tripline::tests {

OwnedEvent::OwnedEvent(const engine::FieldTable& fields, std::string_view json, const engine::Knowledge& knowledge)
    : text_(json), size_(json.size()), event_(fields, knowledge) {
  text_.append(engine::kRecordPadding, ' ');
  const engine::Record record{.json = std::string_view(text_).substr(0, size_)};
  read_ = event_.read(record);
}

}  // namespace tripline::tests
