#pragma once

#include <string>
#include <string_view>

namespace tripline::tests {

// Composed CloudTrail records about who acts. Accounts are short here and twelve digits in the records:
// `1` stands for 111111111111.

std::string account(char digit);

/// `AKIA...`/`ASIA...`, 20 characters, a different one for each name.
std::string key(std::string_view name);

std::string user(char account, std::string_view name, std::string_view access_key = "");

/// `created`: when the session began, as an ISO time; empty: no sessionContext attributes. `context`: further members
/// of sessionContext, each followed by a comma.
struct Session {
  char account;
  std::string role;
  std::string name;
  std::string access_key = "";
  std::string created = "";
  std::string context = "";
};
std::string session(const Session& of);
std::string service(std::string_view name);
/// The role owner's view of a session from another account.
std::string outsider(char account, std::string_view role, std::string_view session);

/// A record of `identity` calling `name`; `more` members, each after a comma.
std::string call(std::string_view time, std::string_view identity, std::string_view name = "DescribeRegions",
                 std::string_view more = "");

/// An AssumeRole that issues `access_key` to the session. `shared`: sharedEventID; `recipient`: the account that this
/// copy is for, else the role's.
struct Assume {
  std::string time;
  std::string identity;
  char account;
  std::string role;
  std::string session;
  std::string access_key;
  int lifetime = 3600;
  std::string shared = "";
  char recipient = 0;
};
std::string assume(const Assume& of);

}  // namespace tripline::tests
