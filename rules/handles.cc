#include "rules/handles.h"

#include "engine/text.h"

namespace tripline::rules {

void Handles::refuse_duplicate(const Loading::Item& item) {
  const engine::Rule& rule = rule_of(item.document);
  const Head& head = head_of(item.document);
  if (const auto id = ids_.find(engine::fold(rule.id)); id != ids_.end()) {
    const bool derived = head.id_at.line == rule.line && head.id_at.column == 1;
    const std::string hint = derived ? "give each rule an `id`" : "give it an id of its own";
    refuse(item.state, "duplicate-id", head.id_at, "the id " + rule.id, id->second, hint + "; `uuidgen` makes one");
    return;
  }
  const auto name = rule.name.empty() ? names_.end() : names_.find(engine::fold(rule.name));
  if (name == names_.end()) return;
  refuse(item.state, "duplicate-name", head.name_at, "the name `" + rule.name + "`", name->second, "rename one");
}

void Handles::take(const Loading::Item& item) {
  const engine::Rule& rule = rule_of(item.document);
  ids_.emplace(engine::fold(rule.id), item.state);
  if (!rule.name.empty()) names_.emplace(engine::fold(rule.name), item.state);
}

void Handles::refuse(std::size_t state, std::string_view code, const Position& at, const std::string& what,
                     std::size_t first, const std::string& hint) {
  const engine::Rule& other = loading_.states[first].rule;
  const std::string message =
      what + " is also that of `" + other.title + "` at " + other.path + ":" + std::to_string(other.line);
  loading_.diagnostics.add(code, at, message, hint, loading_.states[state].rule.title);
  loading_.leave_out(state, RuleState::State::kFailed, message);
}

}  // namespace tripline::rules
