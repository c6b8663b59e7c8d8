#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/record.h"
#include "engine/result.h"
#include "rules/yaml.h"

namespace tripline::rules {

// The record of a rule test: a YAML tree, edited by dotted paths, written as JSON.

/// The tree as one JSON object. Strings, numbers, booleans and null are what the YAML says they are (rules/ast.h,
/// Scalar): `012345678901` and `No` are strings.
std::string to_json(const YamlNode& node);

/// A JSON file's record as a tree without positions: the file holds one object, or `{"Records": [...]}` with one in it.
/// kIo: it cannot be read; kTooLarge: it has more than 4 MiB; kBadInput, kTooDeep: it is no such JSON.
engine::Result<YamlNode> read_json_record(const std::string& path);

/// Puts `value` where `path` leads, or takes away what is there when `value` is null. Steps are parted by dots; `\.` is
/// a dot in a key; a key that is there with dots in it wins; in a list a step is an index from 0, and the one after the
/// last appends. What is missing on the way, or null, becomes a map. Returns what is wrong with the path, if anything:
/// it leads through a text or number, past the end of a list, or takes away what is not there.
std::optional<std::string> set_path(YamlNode& record, std::string_view path, const YamlNode& value);

/// The JSON as the record that a reader of logs would make of it, mended and padded in `text`, which it views.
engine::Record padded_record(std::string_view json, std::string& text);

}  // namespace tripline::rules
