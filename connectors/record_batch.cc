#include "connectors/record_batch.h"

namespace tripline::connectors {

void RecordBatch::clear() {
  records.clear();
  set_aside.clear();
  skipped.clear();
  warnings.clear();
  inflated_bytes = 0;
  stored_bytes = 0;
  bytes.clear();
  unwrapped.clear();
}

}  // namespace tripline::connectors
