#pragma once

#include <string>

namespace tripline::app {

/// docs/configuration.md, written from config_keys().
std::string config_page();

}  // namespace tripline::app
