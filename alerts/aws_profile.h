#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tripline::alerts {

using Profile = std::map<std::string, std::string, std::less<>>;

/// What AWS' shared files say of a profile: the text of `credentials`, whose sections are `[name]`, and that of
/// `config`, where they are `[profile name]`, but for `[default]`. What `credentials` says counts. Nested settings are
/// passed over. Source: AWS SDKs and Tools Reference Guide, "Format of the shared config and credentials files".
Profile read_profile(std::string_view credentials, std::string_view config, std::string_view name);

}  // namespace tripline::alerts
