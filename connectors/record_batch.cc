#include "connectors/record_batch.h"

namespace tripline::connectors {

void RecordBatch::clear() {
  records.clear();
  set_aside.clear();
  skipped.clear();
  warnings.clear();
  unwrapped.clear();
  inflated_bytes = 0;
}

}  // namespace tripline::connectors
