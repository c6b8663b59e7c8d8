#include "engine/arn.h"

namespace tripline::engine {

std::string_view Arn::resource_type() const { return resource.substr(0, resource.find('/')); }

std::string_view Arn::resource_name() const {
  const std::size_t slash = resource.rfind('/');
  return slash == std::string_view::npos ? resource : resource.substr(slash + 1);
}

std::optional<Arn> parse_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  Arn arn;
  for (std::string_view Arn::*part : {&Arn::partition, &Arn::service, &Arn::region, &Arn::account}) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    arn.*part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  arn.resource = text;
  return arn;
}

std::string_view partition_of_region(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

std::optional<AssumedRole> parse_assumed_role(const Arn& arn) {
  if (arn.resource_type() != "assumed-role") return std::nullopt;
  const std::size_t first = arn.resource.find('/');
  const std::size_t last = arn.resource.rfind('/');
  if (first == last) return std::nullopt;
  return AssumedRole{arn.resource.substr(first + 1, last - first - 1), arn.resource.substr(last + 1)};
}

std::string_view owner_of_role(std::string_view role_arn) {
  constexpr std::string_view kPath = ":role/aws-service-role/";
  const std::size_t at = role_arn.find(kPath);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = role_arn.substr(at + kPath.size());
  return rest.substr(0, rest.find('/'));
}

}  // namespace tripline::engine
