#include "engine/correlation_shape.h"

#include <string>

#include "engine/packing.h"

namespace tripline::engine {

namespace {

void pack_steps(const StepCondition& condition, Packer& out) {
  out.number(condition.kind);
  out.number(condition.input);
  out.number(static_cast<std::uint32_t>(condition.children.size()));
  for (const StepCondition& child : condition.children) pack_steps(child, out);
}

void pack_fields(const std::vector<FieldId>& fields, const RuleSet& rules, Packer& out) {
  out.number(static_cast<std::uint32_t>(fields.size()));
  for (const FieldId field : fields) out.text(rules.fields[field].path);
}

Digest shape_of(const Correlation& correlation, const RuleSet& rules, const std::vector<Digest>& inner) {
  Packer out;
  out.number(correlation.type);
  out.number(correlation.timespan.count());
  for (const Bound& bound : correlation.bounds) {
    out.number(bound.op);
    out.number(bound.value);
  }
  for (const StepCondition& steps : correlation.steps) pack_steps(steps, out);
  out.number(correlation.percentile);
  for (const CorrelationInput& input : correlation.inputs) {
    out.text(input.is_correlation ? to_hex(inner[input.index]) : rules.detections[input.index].rule.id);
    pack_fields(input.group, rules, out);
    pack_fields(input.counted, rules, out);
  }
  out.number(correlation.missing_is_a_value);
  out.number(correlation.period.count());
  out.number(correlation.learning.count());
  out.number(correlation.each_group_learns);
  return digest_128({"correlation", correlation.rule.id, out.take()});
}

}  // namespace

std::vector<Digest> shapes_of(const RuleSet& rules) {
  std::vector<Digest> shapes;
  for (const Correlation& correlation : rules.correlations) shapes.push_back(shape_of(correlation, rules, shapes));
  return shapes;
}

}  // namespace tripline::engine
