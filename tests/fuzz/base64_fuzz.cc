#include "engine/base64.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

/// Whatever the text: the decoder of wide registers and the one without agree, within the room that they ask for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tripline::engine;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<char> wide(base64_room(size)), narrow(base64_room(size));
  const auto decoded = base64_decode(text, wide.data());
  if (decoded != base64_decode_portable(text, narrow.data())) std::abort();
  if (!decoded) return 0;
  if (*decoded > wide.size()) std::abort();
  const std::string_view bytes(wide.data(), *decoded);
  if (bytes != std::string_view(narrow.data(), *decoded)) std::abort();
  // What was encoded anew differs at most in padding and in the last character, whose low bits count for nothing.
  const std::size_t sure = size / 4 * 4 - (size >= 4 ? 4 : 0);
  if (base64_encode(bytes).substr(0, sure) != text.substr(0, sure)) std::abort();
  return 0;
}
