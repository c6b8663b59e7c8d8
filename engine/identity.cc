#include "engine/identity.h"

#include <span>

#include "engine/event.h"

namespace tripline::engine {

namespace {

namespace dom = simdjson::dom;

/// A key, and the text that it holds or what stands in the object that it holds.
struct Row {
  std::string_view key;
  std::string_view Identity::*text = nullptr;
  std::span<const Row> inside = {};
};

constexpr Row kIssuer[] = {
    {"type", &Identity::issuer_type},     {"principalId", &Identity::issuer_id},    {"arn", &Identity::issuer_arn},
    {"userName", &Identity::issuer_name}, {"accountId", &Identity::issuer_account},
};
constexpr Row kAttributes[] = {{"creationDate", &Identity::created}, {"mfaAuthenticated", &Identity::mfa}};
constexpr Row kWebIdentity[] = {{"federatedProvider", &Identity::federated_provider}};
constexpr Row kSessionContext[] = {
    {"sessionIssuer", nullptr, kIssuer},
    {"attributes", nullptr, kAttributes},
    {"webIdFederationData", nullptr, kWebIdentity},
    {"sourceIdentity", &Identity::source_identity},
    {"assumedRoot", &Identity::assumed_root},
    {"signInSessionArn", &Identity::sign_in_session},
};
constexpr Row kOnBehalfOf[] = {
    {"userId", &Identity::on_behalf_of_user},
    {"identityStoreArn", &Identity::identity_store},
};
constexpr Row kUserIdentity[] = {
    {"type", &Identity::type},
    {"principalId", &Identity::principal_id},
    {"arn", &Identity::arn},
    {"accountId", &Identity::account},
    {"accessKeyId", &Identity::access_key},
    {"userName", &Identity::user_name},
    {"invokedBy", &Identity::invoked_by},
    {"identityProvider", &Identity::identity_provider},
    {"sessionContext", nullptr, kSessionContext},
    {"onBehalfOf", nullptr, kOnBehalfOf},
};

void read_object(dom::element element, std::span<const Row> rows, Identity& out) {
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return;
  for (const auto [key, value] : object) {
    for (const Row& row : rows) {
      if (row.key != key) continue;
      if (row.text == nullptr) {
        read_object(value, row.inside, out);
      } else if ((out.*row.text).data() == nullptr) {  // of duplicate keys the first counts
        std::string_view text;
        if (value.get(text) == simdjson::SUCCESS) out.*row.text = text;
      }
      break;
    }
  }
}

}  // namespace

Identity read_identity(const Event& event) {
  Identity identity;
  dom::object root;
  dom::element user_identity;
  if (event.root().get(root) == simdjson::SUCCESS &&
      root.at_key("userIdentity").get(user_identity) == simdjson::SUCCESS) {
    read_object(user_identity, kUserIdentity, identity);
  }
  return identity;
}

}  // namespace tripline::engine
