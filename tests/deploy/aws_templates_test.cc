// The templates of deploy/aws hold to Firehose's limits, and say the same in CloudFormation and in Terraform.

#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "tests/support/places.h"
#include "tests/support/program.h"

namespace tripline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModules[] = {"stream",        "trail", "eventbridge", "eventbridge-member",
                                         "load-balancer", "canary"};

fs::path folder() { return tests::repository() / "deploy" / "aws"; }
fs::path template_of(std::string_view module) { return folder() / "cloudformation" / (std::string(module) + ".yml"); }
fs::path terraform_of(std::string_view module) { return folder() / "terraform" / module / "main.tf"; }

/// What a template sets, by dotted path.
using Settings = std::map<std::string, std::string>;

void flatten(const YAML::Node& node, const std::string& path, Settings& into) {
  if (node.IsMap()) {
    for (const auto& member : node) flatten(member.second, path + "." + member.first.as<std::string>(), into);
  } else if (node.IsSequence()) {
    for (std::size_t i = 0; i < node.size(); ++i) flatten(node[i], path + "." + std::to_string(i), into);
  } else {
    into[path.substr(1)] = node.as<std::string>("");
  }
}

Settings cloudformation(std::string_view module) {
  Settings settings;
  flatten(YAML::LoadFile(template_of(module).string()), "", settings);
  return settings;
}

/// Blocks and attributes of one line each, as `terraform fmt` writes them; `resource.aws_lb.balancer.idle_timeout`.
/// Values as they stand, texts without their quotes.
Settings terraform(std::string_view module) {
  static const std::regex kBlock("([\\w-]+)((?: \"[^\"]*\")*) \\{(\\})?");
  static const std::regex kAttribute("([\\w-]+) += (.*)");
  Settings settings;
  std::vector<std::string> path;
  for (std::string line : tests::lines_of(tests::read_file(terraform_of(module)))) {
    line = std::regex_replace(line, std::regex("^ +|( +#.*)$"), "");
    std::smatch match;
    if (line == "}") {
      path.pop_back();
    } else if (std::regex_match(line, match, kBlock)) {
      if (match[3].matched) continue;
      std::string labels = std::regex_replace(match[2].str(), std::regex(" \"([^\"]*)\""), ".$1");
      path.push_back(match[1].str() + labels);
    } else if (std::regex_match(line, match, kAttribute)) {
      std::string name;
      for (const std::string& block : path) name += block + ".";
      std::string value = match[2];
      if (value.size() > 1 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
      settings[name + match[1].str()] = value;
    }
  }
  EXPECT_TRUE(path.empty()) << module << ": " << path.size() << " blocks are open at the end";
  return settings;
}

struct Row {
  std::string_view module;
  std::string_view cloudformation;
  std::string_view terraform;
  std::string_view value;  // in both
  std::optional<std::pair<long, long>> limits{};
};

constexpr std::string_view kStream = "Resources.Stream.Properties.HttpEndpointDestinationConfiguration.";
constexpr std::string_view kTfStream =
    "resource.aws_kinesis_firehose_delivery_stream.stream.http_endpoint_configuration.";

// Limits of the HTTP endpoint destination: Amazon Data Firehose API Reference, HttpEndpointBufferingHints,
// HttpEndpointRetryOptions.
const Row kFirehoseRows[] = {
    {"stream", "BufferingHints.SizeInMBs", "buffering_size", "1", {{1, 64}}},
    {"stream", "BufferingHints.IntervalInSeconds", "buffering_interval", "60", {{0, 900}}},
    {"stream", "RetryOptions.DurationInSeconds", "retry_duration", "7200", {{0, 7200}}},
    {"stream", "RequestConfiguration.ContentEncoding", "request_configuration.content_encoding", "GZIP"},
    {"stream", "S3BackupMode", "s3_backup_mode", "AllData"},
    {"stream", "S3Configuration.BufferingHints.SizeInMBs", "s3_configuration.buffering_size", "5", {{1, 128}}},
    {"stream",
     "S3Configuration.BufferingHints.IntervalInSeconds",
     "s3_configuration.buffering_interval",
     "300",
     {{0, 900}}},
    {"stream", "S3Configuration.CompressionFormat", "s3_configuration.compression_format", "UNCOMPRESSED"},
    {"stream", "S3Configuration.Prefix", "s3_configuration.prefix", "all/"},
    {"stream", "S3Configuration.ErrorOutputPrefix", "s3_configuration.error_output_prefix",
     "failed/!{firehose:error-output-type}/"},
    {"stream", "S3Configuration.CloudWatchLoggingOptions.Enabled",
     "s3_configuration.cloudwatch_logging_options.enabled", "true"},
    {"stream", "CloudWatchLoggingOptions.Enabled", "cloudwatch_logging_options.enabled", "true"},
    {"stream", "SecretsManagerConfiguration.Enabled", "secrets_manager_configuration.enabled", "true"},
};

const Row kRows[] = {
    {"stream", "Resources.Errors.Properties.RetentionInDays",
     "resource.aws_cloudwatch_log_group.errors.retention_in_days", "30"},
    {"stream",
     "Resources.AccessKey.Properties.GenerateSecretString.PasswordLength",
     "ephemeral.random_password.access_key.length",
     "64",
     {{16, 4096}}},
    {"trail", "Resources.Trail.Properties.IsLogging", "resource.aws_cloudtrail.trail.enable_logging", "true"},
    {"trail", "Resources.Trail.Properties.IsOrganizationTrail", "resource.aws_cloudtrail.trail.is_organization_trail",
     "true"},
    {"trail", "Resources.Trail.Properties.IsMultiRegionTrail", "resource.aws_cloudtrail.trail.is_multi_region_trail",
     "true"},
    {"trail", "Resources.Trail.Properties.IncludeGlobalServiceEvents",
     "resource.aws_cloudtrail.trail.include_global_service_events", "true"},
    {"trail", "Resources.Trail.Properties.EnableLogFileValidation",
     "resource.aws_cloudtrail.trail.enable_log_file_validation", "true"},
    {"trail", "Resources.Trail.Properties.EventSelectors.0.ReadWriteType",
     "resource.aws_cloudtrail.trail.event_selector.read_write_type", "All"},
    {"trail", "Resources.Trail.Properties.EventSelectors.0.IncludeManagementEvents",
     "resource.aws_cloudtrail.trail.event_selector.include_management_events", "true"},
    {"trail", "Resources.Subscription.Properties.FilterPattern",
     "resource.aws_cloudwatch_log_subscription_filter.subscription.filter_pattern", ""},
    {"eventbridge", "Resources.Rule.Properties.State", "resource.aws_cloudwatch_event_rule.rule.state",
     "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"},
    {"eventbridge-member", "Resources.Rule.Properties.State", "resource.aws_cloudwatch_event_rule.rule.state",
     "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"},
    {"load-balancer", "Resources.Listener.Properties.Port", "resource.aws_lb_listener.listener.port", "443"},
    {"load-balancer", "Resources.Listener.Properties.Protocol", "resource.aws_lb_listener.listener.protocol", "HTTPS"},
    {"load-balancer", "Resources.Listener.Properties.SslPolicy", "resource.aws_lb_listener.listener.ssl_policy",
     "ELBSecurityPolicy-TLS13-1-2-2021-06"},
    {"load-balancer", "Resources.Listener.Properties.DefaultActions.0.FixedResponseConfig.StatusCode",
     "resource.aws_lb_listener.listener.default_action.fixed_response.status_code", "404"},
    // Not below limits.answer_time, and Firehose's three minutes.
    {"load-balancer",
     "Resources.Balancer.Properties.LoadBalancerAttributes.0.Value",
     "resource.aws_lb.balancer.idle_timeout",
     "180",
     {{170, 4000}}},
    {"load-balancer", "Resources.Target.Properties.HealthCheckPath",
     "resource.aws_lb_target_group.target.health_check.path", "/readyz"},
    {"load-balancer", "Resources.Target.Properties.Matcher.HttpCode",
     "resource.aws_lb_target_group.target.health_check.matcher", "200"},
    {"load-balancer", "Resources.Target.Properties.HealthCheckIntervalSeconds",
     "resource.aws_lb_target_group.target.health_check.interval", "10"},
    {"load-balancer", "Resources.Target.Properties.HealthCheckTimeoutSeconds",
     "resource.aws_lb_target_group.target.health_check.timeout", "5"},
    {"load-balancer", "Resources.Target.Properties.HealthyThresholdCount",
     "resource.aws_lb_target_group.target.health_check.healthy_threshold", "2"},
    {"load-balancer", "Resources.Target.Properties.UnhealthyThresholdCount",
     "resource.aws_lb_target_group.target.health_check.unhealthy_threshold", "3"},
    {"load-balancer", "Resources.Target.Properties.TargetGroupAttributes.0.Value",
     "resource.aws_lb_target_group.target.deregistration_delay", "30"},
    // Several within the 30 minutes that the alert waits for one.
    {"canary", "Resources.Schedule.Properties.ScheduleExpression",
     "resource.aws_scheduler_schedule.schedule.schedule_expression", "rate(10 minutes)"},
    {"canary", "Resources.Function.Properties.Runtime", "resource.aws_lambda_function.function.runtime", "python3.13"},
};

void expect_row(const Row& row, const std::string& cloudformation_path, const std::string& terraform_path) {
  SCOPED_TRACE(std::string(row.module) + ": " + cloudformation_path);
  const Settings ours = cloudformation(row.module), theirs = terraform(row.module);
  ASSERT_TRUE(ours.contains(cloudformation_path));
  ASSERT_TRUE(theirs.contains(terraform_path)) << terraform_path;
  EXPECT_EQ(ours.at(cloudformation_path), row.value);
  EXPECT_EQ(theirs.at(terraform_path), row.value);
  if (!row.limits) return;
  const long value = std::stol(std::string(row.value));
  EXPECT_GE(value, row.limits->first);
  EXPECT_LE(value, row.limits->second);
}

TEST(AwsTemplates, SetUpTheStreamWithinFirehosesLimits) {
  for (const Row& row : kFirehoseRows) {
    expect_row(row, std::string(kStream) + std::string(row.cloudformation),
               std::string(kTfStream) + std::string(row.terraform));
  }
}

TEST(AwsTemplates, SayTheSameInBothLanguages) {
  for (const Row& row : kRows) expect_row(row, std::string(row.cloudformation), std::string(row.terraform));
}

/// `OrganizationId` is `organization_id`.
std::string snake_case(const std::string& name) {
  std::string snake;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !snake.empty()) snake += '_';
    snake += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return snake;
}

TEST(AwsTemplates, TakeTheSameParametersWithTheSameDefaults) {
  for (const std::string_view module : kModules) {
    SCOPED_TRACE(module);
    std::map<std::string, std::string> ours, theirs;  // defaults by name; empty: none
    for (const auto& [path, value] : cloudformation(module)) {
      static const std::regex kParameter("Parameters\\.(\\w+)\\.(\\w+)");
      std::smatch match;
      if (!std::regex_match(path, match, kParameter)) continue;
      std::string& fallback = ours[snake_case(match[1])];
      if (match[2] == "Default") fallback = value;
    }
    for (const auto& [path, value] : terraform(module)) {
      static const std::regex kVariable("variable\\.(\\w+)\\.(\\w+)");
      std::smatch match;
      if (!std::regex_match(path, match, kVariable)) continue;
      std::string& fallback = theirs[match[1]];
      if (match[2] == "default") fallback = value;
    }
    EXPECT_EQ(ours, theirs);
    EXPECT_TRUE(ours.contains("name"));
  }
}

/// Actions that are allowed or denied, and the services that may assume roles.
std::set<std::string> permissions_in(const std::string& text) {
  static const std::regex kAction("\\b(?:s3|logs|firehose|secretsmanager|events|lambda|sts):(?:[A-Z]\\w+|\\*)");
  static const std::regex kService("[a-z]+\\.amazonaws\\.com");
  std::set<std::string> found;
  for (const auto& what : {kAction, kService}) {
    for (std::sregex_iterator at(text.begin(), text.end(), what), end; at != end; ++at) found.insert(at->str());
  }
  return found;
}

TEST(AwsTemplates, GiveRolesTheSameFewPermissions) {
  const std::map<std::string_view, std::set<std::string>> wanted = {
      {"stream",
       {"firehose.amazonaws.com", "sts:AssumeRole", "sts:ExternalId", "s3:GetBucketLocation", "s3:ListBucket",
        "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject",
        "secretsmanager:GetSecretValue", "logs:PutLogEvents", "s3:*" /* denied, over connections without TLS */}},
      {"trail",
       {"cloudtrail.amazonaws.com", "logs.amazonaws.com", "sts:AssumeRole", "s3:GetBucketAcl", "s3:PutObject",
        "logs:CreateLogStream", "logs:PutLogEvents", "firehose:PutRecord", "firehose:PutRecordBatch", "s3:*"}},
      {"eventbridge",
       {"events.amazonaws.com", "sts:AssumeRole", "events:PutEvents", "firehose:PutRecord", "firehose:PutRecordBatch"}},
      {"eventbridge-member", {"events.amazonaws.com", "sts:AssumeRole", "events:PutEvents"}},
      {"load-balancer", {}},
      {"canary",
       {"lambda.amazonaws.com", "scheduler.amazonaws.com", "sts:AssumeRole", "logs:CreateLogStream",
        "logs:PutLogEvents", "lambda:InvokeFunction"}},
  };
  for (const std::string_view module : kModules) {
    SCOPED_TRACE(module);
    const std::string ours = tests::read_file(template_of(module)), theirs = tests::read_file(terraform_of(module));
    EXPECT_EQ(permissions_in(ours), wanted.at(module));
    EXPECT_EQ(permissions_in(theirs), wanted.at(module));
    EXPECT_EQ(ours.find("Resource: \"*\""), std::string::npos);
    EXPECT_EQ(theirs.find("resources = [\"*\"]"), std::string::npos);
  }
}

TEST(AwsTemplates, KeepTheAccessKeyInSecretsManagerAlone) {
  const Settings ours = cloudformation("stream"), theirs = terraform("stream");
  EXPECT_FALSE(ours.contains(std::string(kStream) + "EndpointConfiguration.AccessKey"));
  EXPECT_FALSE(theirs.contains(std::string(kTfStream) + "access_key"));
  EXPECT_EQ(ours.at("Resources.AccessKey.Properties.GenerateSecretString.GenerateStringKey"), "api_key");
  const auto& written = theirs.at("resource.aws_secretsmanager_secret_version.access_key.secret_string_wo");
  EXPECT_NE(written.find("api_key = ephemeral."), std::string::npos) << "a state file would have the key: " << written;
}

TEST(AwsTemplates, PassOnThePathThatFirehoseSendsToAndNoOther) {
  const Settings ours = cloudformation("load-balancer"), theirs = terraform("load-balancer");
  EXPECT_EQ(ours.at("Resources.FirehoseAlone.Properties.Conditions.0.PathPatternConfig.Values.0"), "/firehose");
  EXPECT_FALSE(ours.contains("Resources.FirehoseAlone.Properties.Conditions.0.PathPatternConfig.Values.1"));
  EXPECT_EQ(theirs.at("resource.aws_lb_listener_rule.firehose_alone.condition.path_pattern.values"), "[\"/firehose\"]");
}

TEST(AwsTemplates, SendTheCanaryUnderTheNameThatTheRuleLooksFor) {
  const YAML::Node rule = YAML::LoadFile((tests::repository() / "rules/library/aws/sts/canary.yml").string());
  const std::string call = "Config(user_agent_extra=\"" +
                           rule["detection"]["selection"]["userAgent|contains"].as<std::string>() +
                           "\")).get_caller_identity()";
  for (const auto& path : {template_of("canary"), terraform_of("canary")}) {
    EXPECT_NE(tests::read_file(path).find(call), std::string::npos) << path;
  }
}

TEST(AwsTemplates, UseNoYamlThatCloudFormationRefuses) {
  static const std::regex kAliasOrMerge("(: |- |\\[)[&*][A-Za-z_]|<<:");
  for (const std::string_view module : kModules) {
    EXPECT_FALSE(std::regex_search(tests::read_file(template_of(module)), kAliasOrMerge)) << module;
  }
}

/// As CloudFormation substitutes it in the examples of the documentation.
std::string substituted(std::string text) {
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"${Name}", "tripline"},
                                 {"${AWS::AccountId}", "111122223333"},
                                 {"${AWS::Region}", "eu-west-1"}}) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from)) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

TEST(AwsTemplates, AreWhatTheDocumentationSaysOfThem) {
  const Settings stream = cloudformation("stream"), trail = cloudformation("trail");
  const auto of_stream = [&](const std::string& path) { return stream.at(std::string(kStream) + path); };
  const std::string setup = tests::read_file(tests::repository() / "docs" / "aws-setup.md");
  const std::string runbook = tests::read_file(tests::repository() / "docs" / "runbook.md");
  const std::string errors = substituted(stream.at("Resources.Errors.Properties.LogGroupName"));
  const struct {
    const std::string& page;
    std::string says;
  } cases[] = {
      {setup, "--secret-id " + substituted(stream.at("Resources.AccessKey.Properties.Name"))},
      {setup, "s3://" + substituted(stream.at("Resources.Backup.Properties.BucketName")) + "/" +
                  of_stream("S3Configuration.Prefix")},
      {setup, "aws logs tail " + errors},
      {runbook, "aws logs tail " + errors},
      {runbook, "--log-group-name " + substituted(trail.at("Resources.Records.Properties.LogGroupName"))},
      {setup, "| buffer | " + of_stream("BufferingHints.SizeInMBs") + " MiB, " +
                  of_stream("BufferingHints.IntervalInSeconds") + " s |"},
      {setup, "| retry duration | " + of_stream("RetryOptions.DurationInSeconds") + " s |"},
      {setup, "| compression | " + of_stream("RequestConfiguration.ContentEncoding") + " |"},
      {setup, "| backup | `" + of_stream("S3BackupMode") + "` | a copy of everything in S3 for " +
                  stream.at("Parameters.BackupDays.Default") + " days"},
      {setup, "Its health check is `" +
                  cloudformation("load-balancer").at("Resources.Target.Properties.HealthCheckPath") + "`"},
  };
  for (const auto& [page, says] : cases) EXPECT_NE(page.find(says), std::string::npos) << says;
}

TEST(AwsTemplates, AreAllLookedAt) {
  const std::set<std::string> modules(std::begin(kModules), std::end(kModules));
  std::set<std::string> ours, theirs;
  for (const auto& entry : fs::directory_iterator(folder() / "cloudformation"))
    ours.insert(entry.path().stem().string());
  for (const auto& entry : fs::directory_iterator(folder() / "terraform"))
    theirs.insert(entry.path().filename().string());
  EXPECT_EQ(ours, modules);
  EXPECT_EQ(theirs, modules);
}

}  // namespace
}  // namespace tripline
