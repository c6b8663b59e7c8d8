#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace tripline::app {

// Numbers as people read them.

/// `1,234,567`
std::string grouped(std::uint64_t number);

/// `grouped(count)` and the noun, with an `s` unless there is one: `1 file`, `2 files`.
std::string counted(std::uint64_t count, const std::string& noun);
/// The same for words whose plural is more than an ending: `1 file that is`, `2 files that are`.
std::string counted(std::uint64_t count, const std::string& one, const std::string& many);

/// Powers of 1000: `999 B`, `1.2 kB`, `15.0 MB`.
std::string byte_size(std::uint64_t bytes);

/// `0.41 s`, `12.3 s`, `3 min 05 s`, `2 h 03 min`.
std::string duration_text(std::chrono::duration<double> duration);

/// `number` per second, three digits of it: `84,200`; 0 when no time has passed.
std::uint64_t per_second(std::uint64_t number, std::chrono::duration<double> duration);

}  // namespace tripline::app
