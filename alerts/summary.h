#pragma once

#include <string>

#include "engine/accounts.h"
#include "engine/signal.h"

namespace tripline::alerts {

/// One sentence on what happened: the rule's `tripline.title`, else `<actor> <eventName> <resource> in <account>:
/// <outcome>` of the first event in evidence, without what is not known. Without evidence: the rule's title.
/// `accounts` names accounts; null: they are shown by their ids alone.
std::string summary(const engine::Signal& signal, const engine::Accounts* accounts);

}  // namespace tripline::alerts
