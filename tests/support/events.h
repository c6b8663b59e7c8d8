#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/event.h"

namespace tripline::tests {

/// An Event with the text that it views.
class OwnedEvent {
 public:
  /// `json` is one object. The table may not grow any more.
  OwnedEvent(const engine::FieldTable& fields, std::string_view json, const engine::Knowledge& knowledge = {});

  engine::Event& operator*() { return event_; }
  engine::Event* operator->() { return &event_; }
  const engine::Result<void>& read() const { return read_; }

 private:
  std::string text_;
  std::size_t size_;
  engine::Event event_;
  engine::Result<void> read_;
};

}  // namespace tripline::tests
