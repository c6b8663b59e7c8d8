#include "rules/cloudtrail_fields.h"

#include <algorithm>
#include <vector>

#include "engine/derived.h"
#include "engine/text.h"
#include "rules/diagnostic.h"

namespace tripline::rules {
namespace {

using T = CloudTrailType;

constexpr CloudTrailField kFields[] = {
    {"eventVersion", T::kString, false, "version of the record format"},
    {"userIdentity", T::kObject, false, "who acted"},
    {"userIdentity.type", T::kString, false, "Root, IAMUser, AssumedRole, AWSService, ..."},
    {"userIdentity.principalId", T::kString, false, "for a role: its id, a colon and the session name"},
    {"userIdentity.arn", T::kString, false, "for a role: the session, without the role's path"},
    {"userIdentity.accountId", T::kString, false, "account of the identity"},
    {"userIdentity.accessKeyId", T::kString, false, "AKIA...: long-term, ASIA...: temporary; may be empty"},
    {"userIdentity.userName", T::kString, false, "of IAM users; a role's is in sessionContext.sessionIssuer"},
    {"userIdentity.sessionContext", T::kObject, false, "of temporary credentials"},
    {"userIdentity.sessionContext.sessionIssuer", T::kObject, false, "who the session was made from"},
    {"userIdentity.sessionContext.sessionIssuer.type", T::kString, false, "Root, IAMUser or Role"},
    {"userIdentity.sessionContext.sessionIssuer.userName", T::kString, false, "name of the role or user"},
    {"userIdentity.sessionContext.sessionIssuer.principalId", T::kString, false, "id of the role or user"},
    {"userIdentity.sessionContext.sessionIssuer.arn", T::kString, false, "the role with its path"},
    {"userIdentity.sessionContext.sessionIssuer.accountId", T::kString, false, "account of the role or user"},
    {"userIdentity.sessionContext.attributes", T::kObject, false, "of the session"},
    {"userIdentity.sessionContext.attributes.creationDate", T::kTime, false, "when the credentials were issued"},
    {"userIdentity.sessionContext.attributes.mfaAuthenticated", T::kBoolText, false, "the string true or false"},
    {"userIdentity.sessionContext.webIdFederationData", T::kObject, false, "of a web identity"},
    {"userIdentity.sessionContext.webIdFederationData.federatedProvider", T::kString, false, "the identity provider"},
    {"userIdentity.sessionContext.webIdFederationData.attributes", T::kObject, true, "what the provider says"},
    {"userIdentity.sessionContext.sourceIdentity", T::kString, false, "stays the same through a chain of roles"},
    {"userIdentity.sessionContext.ec2RoleDelivery", T::kString, false, "1.0 or 2.0: version of the metadata service"},
    {"userIdentity.sessionContext.ec2IssuedInVpc", T::kString, false, "VPC that the credentials were issued in"},
    {"userIdentity.sessionContext.assumedRoot", T::kBoolText, false, "the string true"},
    {"userIdentity.sessionContext.signInSessionArn", T::kString, false, "console session behind a CLI login"},
    {"userIdentity.invokedBy", T::kString, false, "the AWS service that acted for the identity"},
    {"userIdentity.invokedByDelegate", T::kObject, false, "a provider with delegated access"},
    {"userIdentity.invokedByDelegate.accountId", T::kString, false, "account of that provider"},
    {"userIdentity.onBehalfOf", T::kObject, false, "the Identity Center user"},
    {"userIdentity.onBehalfOf.userId", T::kString, false, "id of that user"},
    {"userIdentity.onBehalfOf.identityStoreArn", T::kString, false, "where that user is kept"},
    {"userIdentity.inScopeOf", T::kObject, false, "what the credentials were issued to"},
    {"userIdentity.inScopeOf.sourceArn", T::kString, false, "resource that the service acted for"},
    {"userIdentity.inScopeOf.sourceAccount", T::kString, false, "account of that resource"},
    {"userIdentity.inScopeOf.issuerType", T::kString, false, "such as AWS::Lambda::Function"},
    {"userIdentity.inScopeOf.credentialsIssuedTo", T::kString, false, "resource that holds the credentials"},
    {"userIdentity.inScopeOf.credentialsIssuedToVersion", T::kString, false, "version of that resource"},
    {"userIdentity.credentialId", T::kString, false, "id of a bearer token"},
    {"userIdentity.identityProvider", T::kString, false, "of SAML and web identities"},
    {"eventTime", T::kTime, false, "when the request was completed, UTC, whole seconds"},
    {"eventSource", T::kString, false, "the service, such as iam.amazonaws.com"},
    {"eventName", T::kString, false, "the API call, such as CreateUser"},
    {"awsRegion", T::kString, false, "the region; us-east-1 for global services"},
    {"sourceIPAddress", T::kAddress, false, "an address, or the name of a service, or AWS Internal"},
    {"userAgent", T::kString, false, "the client's program, or the name of a service"},
    {"errorCode", T::kString, false, "only on failure; see also our field outcome"},
    {"errorMessage", T::kString, false, "why it failed; may come without errorCode"},
    {"requestParameters", T::kObject, true, "the call's arguments"},
    {"responseElements", T::kObject, true, "the call's answer; null for calls that only read"},
    {"additionalEventData", T::kObject, true, "what the service adds"},
    {"additionalEventData.MFAUsed", T::kBoolText, false, "Yes or No; always No for federated logins"},
    {"additionalEventData.MFAIdentifier", T::kString, false, "the MFA device of a login"},
    {"additionalEventData.MobileVersion", T::kBoolText, false, "Yes or No"},
    {"additionalEventData.MfaType", T::kString, false, "kind of MFA device"},
    {"additionalEventData.LoginTo", T::kString, false, "page that the login leads to"},
    {"additionalEventData.SwitchFrom", T::kString, false, "identity before a change of role in the console"},
    {"additionalEventData.RedirectTo", T::kString, false, "page after a change of role in the console"},
    {"additionalEventData.SamlProviderArn", T::kString, false, "the SAML provider of a login"},
    {"additionalEventData.AuthWorkflowID", T::kString, false, "ties the steps of an Identity Center login together"},
    {"additionalEventData.CredentialType", T::kString, false, "PASSWORD, TOTP, ... of an Identity Center login"},
    {"additionalEventData.UserName", T::kString, false, "of an Identity Center login"},
    {"additionalEventData.AuthenticationMethod", T::kString, false, "AuthHeader, QueryString, ... of an S3 call"},
    {"additionalEventData.SignatureVersion", T::kString, false, "SigV4, ... of an S3 call"},
    {"additionalEventData.CipherSuite", T::kString, false, "of an S3 call"},
    {"additionalEventData.bytesTransferredIn", T::kNumber, false, "of an S3 call"},
    {"additionalEventData.bytesTransferredOut", T::kNumber, false, "of an S3 call"},
    {"requestID", T::kString, false, "set by the service"},
    {"eventID", T::kString, false, "of this event; duplicates have the same"},
    {"readOnly", T::kBool, false, "whether the call changes nothing"},
    {"eventType", T::kString, false, "AwsApiCall, AwsServiceEvent, AwsConsoleSignIn, ..."},
    {"apiVersion", T::kString, false, "of the service"},
    {"managementEvent", T::kBool, false, "whether it is a management event"},
    {"resources", T::kArray, false, "what was touched"},
    {"resources.ARN", T::kString, false, "of the resource"},
    {"resources.ARNPrefix", T::kString, false, "of resources named by a prefix"},
    {"resources.accountId", T::kString, false, "owner of the resource"},
    {"resources.type", T::kString, false, "such as AWS::S3::Bucket"},
    {"recipientAccountId", T::kString, false, "account that this record was delivered to"},
    {"serviceEventDetails", T::kObject, true, "of events that a service made by itself"},
    {"sharedEventID", T::kString, false, "the same in each account that got a copy"},
    {"vpcEndpointId", T::kString, false, "the VPC endpoint that the call came through"},
    {"vpcEndpointAccountId", T::kString, false, "owner of that endpoint"},
    {"eventCategory", T::kString, false, "Management, Data, NetworkActivity or Insight"},
    {"addendum", T::kObject, false, "why a record is late or changed"},
    {"addendum.reason", T::kString, false, "DELIVERY_DELAY, UPDATED_DATA or SERVICE_OUTAGE"},
    {"addendum.updatedFields", T::kString, false, "the fields that changed"},
    {"addendum.originalRequestID", T::kString, false, "requestID of the first record"},
    {"addendum.originalEventID", T::kString, false, "eventID of the first record"},
    {"sessionCredentialFromConsole", T::kBoolText, false, "the string true"},
    {"edgeDeviceDetails", T::kObject, true, "of calls on an Outpost"},
    {"tlsDetails", T::kObject, false, "of the connection"},
    {"tlsDetails.tlsVersion", T::kString, false, "such as TLSv1.3"},
    {"tlsDetails.cipherSuite", T::kString, false, "such as TLS_AES_128_GCM_SHA256"},
    {"tlsDetails.clientProvidedHostHeader", T::kString, false, "the host that the client asked for"},
    {"tlsDetails.keyExchange", T::kString, false, "such as x25519"},
    {"eventContext", T::kObject, true, "only in CloudTrail Lake"},
    {"annotation", T::kObject, true, "only in CloudTrail Lake"},
    {"insightDetails", T::kObject, false, "of Insights records"},
    {"insightDetails.state", T::kString, false, "Start or End"},
    {"insightDetails.eventSource", T::kString, false, "the unusual service"},
    {"insightDetails.eventName", T::kString, false, "the unusual call"},
    {"insightDetails.insightType", T::kString, false, "ApiCallRateInsight or ApiErrorRateInsight"},
    {"insightDetails.errorCode", T::kString, false, "the unusual error"},
    {"insightDetails.insightContext", T::kObject, true, "statistics and attributions"},
};

/// What others call CloudTrail's fields: ECS (`event.*`, `aws.cloudtrail.*`), OCSF, Splunk, Datadog, Sigma's generic
/// names. `from` is a whole name, or a beginning when it ends with a dot: then what follows it is kept.
struct Alias {
  std::string_view from, to;
};
constexpr Alias kAliases[] = {
    {"detail.", ""},
    {"Records.", ""},
    {"CloudTrailEvent.", ""},
    {"event.action", "eventName"},
    {"event.provider", "eventSource"},
    {"event.outcome", "outcome"},
    {"event.id", "eventID"},
    {"cloud.region", "awsRegion"},
    {"cloud.account.id", "recipientAccountId"},
    {"cloud.account.uid", "recipientAccountId"},
    {"source.ip", "sourceIPAddress"},
    {"source.address", "sourceIPAddress"},
    {"user.name", "actor.name"},
    {"user.id", "userIdentity.principalId"},
    {"user_agent.original", "userAgent"},
    {"aws.cloudtrail.user_identity.arn", "userIdentity.arn"},
    {"aws.cloudtrail.user_identity.type", "userIdentity.type"},
    {"aws.cloudtrail.user_identity.access_key_id", "userIdentity.accessKeyId"},
    {"aws.cloudtrail.user_identity.invoked_by", "userIdentity.invokedBy"},
    {"aws.cloudtrail.error_code", "errorCode"},
    {"aws.cloudtrail.error_message", "errorMessage"},
    {"aws.cloudtrail.event_type", "eventType"},
    {"aws.cloudtrail.request_parameters", "requestParameters"},
    {"aws.cloudtrail.response_elements", "responseElements"},
    {"aws.cloudtrail.flattened.request_parameters.", "requestParameters."},
    {"aws.cloudtrail.flattened.response_elements.", "responseElements."},
    {"aws.cloudtrail.flattened.additional_eventdata.", "additionalEventData."},
    {"aws.cloudtrail.console_login.additional_eventdata.mfa_used", "additionalEventData.MFAUsed"},
    {"api.operation", "eventName"},
    {"api.service.name", "eventSource"},
    {"api.response.error", "errorCode"},
    {"actor.user.name", "actor.name"},
    {"actor.user.type", "userIdentity.type"},
    {"actor.user.uid", "userIdentity.principalId"},
    {"actor.invoked_by", "userIdentity.invokedBy"},
    {"src_endpoint.ip", "sourceIPAddress"},
    {"http_request.user_agent", "userAgent"},
    {"src_ip", "sourceIPAddress"},
    {"SourceIp", "sourceIPAddress"},
    {"user_name", "actor.name"},
    {"event_name", "eventName"},
    {"event_source", "eventSource"},
    {"error_code", "errorCode"},
    {"error_message", "errorMessage"},
    {"source_ip_address", "sourceIPAddress"},
    {"aws_region", "awsRegion"},
    {"user_agent", "userAgent"},
    {"request_parameters", "requestParameters"},
    {"response_elements", "responseElements"},
    {"user_identity.arn", "userIdentity.arn"},
    {"user_identity.type", "userIdentity.type"},
    {"@timestamp", "eventTime"},
    {"@evt.name", "eventName"},
    {"@userIdentity.", "userIdentity."},
    {"userName", "userIdentity.userName"},
    {"accountId", "userIdentity.accountId"},
    {"accessKeyId", "userIdentity.accessKeyId"},
};

bool begins_with_step(std::string_view path, std::string_view parent) {
  return path.size() > parent.size() && path.starts_with(parent) && path[parent.size()] == '.';
}

/// All full names: CloudTrail's and ours.
const std::vector<std::string_view>& all_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const auto& f : kFields) out.push_back(f.path);
    for (const auto& d : engine::derived_fields()) out.push_back(d.name);
    return out;
  }();
  return names;
}

/// The known names one step below `parent` (the top level: empty), whole.
std::vector<std::string_view> children_of(std::string_view parent) {
  std::vector<std::string_view> out;
  for (auto name : all_names()) {
    if (!parent.empty() && !begins_with_step(name, parent)) continue;
    const auto from = parent.empty() ? 0 : parent.size() + 1;
    const auto child = name.substr(0, name.find('.', from));
    if (std::find(out.begin(), out.end(), child) == out.end()) out.push_back(child);
  }
  return out;
}

bool is_open(std::string_view path) {
  const auto* field = find_cloudtrail_field(path);
  return field && field->open;
}

/// Which known child of `parent` the step `given` is meant to be: the same in other letter case, else (unless names
/// there are the service's own) a near miss.
FieldCheck check_step(std::string_view parent, std::string_view given) {
  const auto children = children_of(parent);
  const auto skip = parent.empty() ? 0 : parent.size() + 1;
  for (auto child : children) {
    if (engine::fold(child.substr(skip)) == engine::fold(given)) return {FieldCheck::Kind::kCase, std::string(child)};
  }
  if (is_open(parent)) return {FieldCheck::Kind::kOpen, ""};
  std::vector<std::string_view> steps;
  for (auto child : children) steps.push_back(child.substr(skip));
  const auto near = did_you_mean(given, steps);
  if (near.empty()) return {FieldCheck::Kind::kUnknown, ""};
  return {FieldCheck::Kind::kNearMiss, (parent.empty() ? "" : std::string(parent) + ".") + std::string(near)};
}

std::string alias_of(std::string_view path) {
  for (const auto& alias : kAliases) {
    const bool beginning = alias.from.ends_with('.');
    if (beginning ? path.starts_with(alias.from) && path.size() > alias.from.size() : path == alias.from) {
      return std::string(alias.to) + std::string(beginning ? path.substr(alias.from.size()) : "");
    }
  }
  return "";
}

}  // namespace

std::string_view name_of(CloudTrailType type) {
  constexpr std::string_view kNames[] = {"text",   "time",   "address", "boolean", "text like a boolean",
                                         "number", "object", "list"};
  return kNames[static_cast<int>(type)];
}

std::span<const CloudTrailField> cloudtrail_fields() { return kFields; }

const CloudTrailField* find_cloudtrail_field(std::string_view path) {
  const auto* row = std::find_if(std::begin(kFields), std::end(kFields), [&](const auto& f) { return f.path == path; });
  return row == std::end(kFields) ? nullptr : row;
}

FieldCheck check_cloudtrail_field(std::string_view path) {
  if (auto alias = alias_of(path); !alias.empty()) return {FieldCheck::Kind::kTaxonomy, std::move(alias)};

  // Walk down step by step; what is below a step that was meant otherwise is kept as it stands.
  std::string_view known;  // the part of `path` that is right so far
  while (known.size() < path.size()) {
    const auto from = known.empty() ? 0 : known.size() + 1;
    const auto end = std::min(path.find('.', from), path.size());
    const auto children = children_of(known);
    if (std::find(children.begin(), children.end(), path.substr(0, end)) != children.end()) {
      known = path.substr(0, end);
      continue;
    }
    // Values that are JSON inside a string, or no object at all, have no known names below them.
    const auto* parent = find_cloudtrail_field(known);
    if (parent && children.empty() && !parent->open) return {FieldCheck::Kind::kUnknown, ""};
    auto check = check_step(known, path.substr(from, end - from));
    if (!check.suggestion.empty()) check.suggestion += path.substr(end);
    return check;
  }
  return {FieldCheck::Kind::kKnown, ""};
}

}  // namespace tripline::rules
