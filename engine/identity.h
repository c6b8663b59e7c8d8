#pragma once

#include <string_view>

namespace tripline::engine {

class Event;

/// What `userIdentity` holds, read in one walk; views that live as long as the record is read. Whatever is missing,
/// null or no string is empty. Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
struct Identity {
  std::string_view type, principal_id, arn, account, access_key, user_name, invoked_by;
  std::string_view identity_provider;                                // of SAMLUser and WebIdentityUser
  std::string_view issuer_type, issuer_id, issuer_arn, issuer_name;  // sessionContext.sessionIssuer
  std::string_view issuer_account;                                   //
  std::string_view created, mfa;        // sessionContext.attributes: creationDate, mfaAuthenticated
  std::string_view federated_provider;  // sessionContext.webIdFederationData
  std::string_view source_identity, assumed_root, sign_in_session;  // sessionContext
  std::string_view on_behalf_of_user, identity_store;               // onBehalfOf
};

Identity read_identity(const Event& event);

}  // namespace tripline::engine
