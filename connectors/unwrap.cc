#include "connectors/unwrap.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "connectors/inflate.h"
#include "connectors/json_members.h"
#include "engine/base64.h"

namespace tripline::connectors {

using engine::ErrorCode;
using engine::fail;
using engine::Result;

Unwrapper::Unwrapper(const Limits& limits, TextArena& arena)
    : limits_(limits), arena_(arena), room_(limits.max_record_bytes) {}

Unwrapped Unwrapper::too_large() const {
  return {std::nullopt, fail(ErrorCode::kTooLarge,
                             "what it carries is more than " + std::to_string(limits_.max_record_bytes) + " bytes")};
}

Unwrapped Unwrapper::from_string(std::string_view string) {
  const std::string_view escaped = inner(string);
  if (escaped.size() > room_) return too_large();
  char* const text = arena_.allocate(escaped.size());
  const auto size = static_cast<std::size_t>(unescape(escaped, text) - text);
  arena_.keep(size);
  room_ -= size;
  return {std::string_view(text, size), std::nullopt};
}

Unwrapped Unwrapper::from_base64(std::string_view string) {
  const std::string_view encoded = inner(string);
  if (encoded.size() > room_) return too_large();
  char* const bytes = arena_.allocate(engine::base64_room(encoded.size()));
  auto size = engine::base64_decode(encoded, bytes);
  if (!size && encoded.find('\\') != std::string_view::npos) {  // some writers escape every slash
    std::string unescaped(encoded.size(), '\0');
    unescaped.resize(static_cast<std::size_t>(unescape(encoded, unescaped.data()) - unescaped.data()));
    size = engine::base64_decode(unescaped, bytes);
  }
  if (!size) return {};
  arena_.keep(*size);
  room_ -= std::min<std::uint64_t>(room_, *size);
  Unwrapped result{std::string_view(bytes, *size), std::nullopt};
  for (int levels = 0; result.text && is_gzip(*result.text) && levels < limits_.max_wrappings; ++levels) {
    Unwrapped inflated = inflate(*result.text);
    result.text = inflated.text;
    if (!result.trouble) result.trouble = inflated.trouble;
  }
  return result;
}

Unwrapped Unwrapper::inflate(std::string_view gzip) {
  if (const std::size_t hint = gzip_size_hint(gzip); hint > 0 && hint <= room_) {
    char* const to = arena_.allocate(hint);
    if (const auto size = inflate_whole(gzip, to, hint)) {
      arena_.keep(*size);
      room_ -= *size;
      return {std::string_view(to, *size), std::nullopt};
    }
  }
  const auto pull = [&gzip](char* to, std::size_t size) -> Result<std::size_t> {
    const std::size_t taken = std::min(size, gzip.size());
    std::memcpy(to, gzip.data(), taken);
    gzip.remove_prefix(taken);
    return taken;
  };
  constexpr std::size_t kStep = std::size_t{64} << 10;
  Limits limits = limits_;
  limits.max_inflated_bytes = limits_.max_record_bytes;
  GzipStream stream(pull, limits, room_);
  std::string text;
  for (std::size_t size = 0;;) {
    text.resize(size + kStep);
    const auto got = stream.read(text.data() + size, kStep);  // `pull` cannot fail
    size += *got;
    text.resize(size);
    if (*got < kStep) break;
  }
  if (stream.trouble() && stream.trouble()->code == ErrorCode::kTooLarge) return too_large();
  char* const to = arena_.allocate(text.size());
  std::memcpy(to, text.data(), text.size());
  arena_.keep(text.size());
  return {std::string_view(to, text.size()), stream.trouble()};
}

}  // namespace tripline::connectors
