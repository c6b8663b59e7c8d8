// Makes a table of every shape of userIdentity in the public logs beside the repository, and holds it to the kept one:
// tests/golden/identity_shapes.md. REGENERATE=1 writes it anew.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/arn.h"
#include "engine/identity.h"
#include "engine/principal.h"
#include "tests/support/real_logs.h"

namespace tripline::engine {
namespace {

/// Puts a word for each value that belongs to somebody: what stays is AWS' own or a form.
class Mask {
 public:
  Mask(const Identity& id, const Principal& principal) {
    if (const auto arn = parse_arn(id.arn)) {
      if (const auto assumed = parse_assumed_role(*arn); assumed && !is_public(assumed->role)) {
        words_[std::string(assumed->role)] = role_word(assumed->role);
      }
      words_[std::string(arn->account)] = "ACCOUNT";
    }
    if (!is_public(id.issuer_name)) words_[std::string(id.issuer_name)] = role_word(id.issuer_name);
    words_[std::string(id.user_name)] = "USER";
    words_[principal.session] = principal.session.find('@') != std::string::npos ? "MAIL"
                                : principal.session.starts_with("aws-go-sdk-")   ? "aws-go-sdk-SESSION"
                                                                                 : "SESSION";
    words_[principal.account] = "ACCOUNT";
    words_[std::string(id.issuer_account)] = "ACCOUNT";
    words_.erase("");
  }

  /// Token by token, so that nothing that is not known passes.
  std::string operator()(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find_first_of(":/"), text.size());
      out += token(text.substr(0, end));
      if (end < text.size()) out += text[end];
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }

 private:
  static std::string role_word(std::string_view role) {
    return role.starts_with("AWSReservedSSO_") ? "AWSReservedSSO_ROLE" : "ROLE";
  }

  static bool is_public(std::string_view token) {
    static const std::set<std::string_view> kWords = {"",
                                                      "arn",
                                                      "aws",
                                                      "iam",
                                                      "sts",
                                                      "user",
                                                      "role",
                                                      "root",
                                                      "assumed-role",
                                                      "federated-user",
                                                      "service-role",
                                                      "aws-service-role",
                                                      "aws-reserved",
                                                      "anonymous"};
    return kWords.contains(token) || token.ends_with(".amazonaws.com") || token.starts_with("AWSServiceRoleFor") ||
           token == "AWS Internal";
  }

  std::string token(std::string_view token) const {
    if (is_public(token)) return std::string(token);
    if (const auto word = words_.find(std::string(token)); word != words_.end()) return word->second;
    if (token.starts_with("us-") || token.starts_with("eu-")) return "REGION";
    return token.starts_with("AROA") || token.starts_with("AIDA") ? std::string(token.substr(0, 4)) + "ID" : "OTHER";
  }

  std::map<std::string, std::string> words_;
};

void list_paths(simdjson::dom::element element, const std::string& path, std::set<std::string>& out) {
  simdjson::dom::object object;
  if (element.get(object) != simdjson::SUCCESS) {
    std::string_view text = "?";
    const bool is_empty = element.get(text) == simdjson::SUCCESS && text.empty();
    out.insert(path + (is_empty ? "=\"\"" : element.is_null() ? "=null" : ""));
    return;
  }
  if (object.size() == 0) out.insert(path + "={}");
  for (const auto [key, value] : object) {
    // One level of names is the same everywhere and only makes the table wide.
    const bool is_frame = key == "sessionContext" || key == "attributes";
    list_paths(value, is_frame ? path : path.empty() ? std::string(key) : path + "." + std::string(key), out);
  }
}

std::string shape_of(const Event& event) {
  simdjson::dom::element identity;
  if (event.root()["userIdentity"].get(identity) != simdjson::SUCCESS) return "*no userIdentity*";
  if (!identity.is_object()) return "*userIdentity is " + simdjson::minify(identity) + "*";
  std::set<std::string> paths;
  list_paths(identity, "", paths);
  paths.erase("type");
  std::string out;
  for (const auto& path : paths) out.append(out.empty() ? "" : ", ").append(path);
  return out;
}

std::string code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }

std::string table_of_shapes() {
  std::map<std::string, std::map<std::string, int>> rows;  // by type, then by row: events
  const FieldTable fields;
  tests::each_real_event("", fields, [&](Event& event) {
    const Identity id = read_identity(event);
    const Principal& actor = event.principal();
    const Mask mask(id, actor);
    std::ostringstream row;
    row << shape_of(event) << " | " << code(mask(id.arn)) << " | " << code(mask(actor.principal)) << " | "
        << code(mask(actor.session)) << " | " << code(mask(actor.name)) << " | " << actor.kind << " | "
        << code(mask(actor.account)) << " | "
        << code(actor.access_key.substr(0, 4) == "ASIA"   ? "ASIA"
                : actor.access_key.substr(0, 4) == "AKIA" ? "AKIA"
                : actor.access_key.empty()                ? ""
                                                          : "OTHER");
    ++rows[actor.type.empty() ? "no type" : actor.type][row.str()];
  });
  std::ostringstream out;
  out << "# Every shape of userIdentity in the public logs, and what we make of it\n\n"
         "Made by `tests/engine/identity_shapes_test.cc` (REGENERATE=1). A shape is a type, the keys that\n"
         "`userIdentity` holds (those of `sessionContext` and its `attributes` without these names before them) and "
         "the\n"
         "form of its ARN. Words in capitals stand for values; names of AWS' own services and roles stay.\n";
  for (const auto& [type, of_type] : rows) {
    out << "\n## " << type << "\n\n"
        << "| events | userIdentity holds | its ARN | actor.principal | actor.session | actor.name | actor.kind "
           "| actor.account | key |\n|--:|---|---|---|---|---|---|---|---|\n";
    for (const auto& [row, events] : of_type) out << "| " << events << " | " << row << " |\n";
  }
  return out.str();
}

TEST(IdentityShapes, AreReadAsTheReviewedTableSays) {
  if (!tests::have_real_logs()) GTEST_SKIP() << tests::no_real_logs();
  const char* root = std::getenv("TRIPLINE_ROOT");
  const std::string path = std::string(root != nullptr ? root : ".") + "/tests/golden/identity_shapes.md";
  const std::string actual = table_of_shapes();
  if (std::getenv("REGENERATE") != nullptr) std::ofstream(path) << actual;
  std::ifstream file(path);
  const std::string kept{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(actual, kept) << "review the difference, then REGENERATE=1";
}

}  // namespace
}  // namespace tripline::engine
