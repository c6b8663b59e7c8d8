#include "tests/support/real_logs.h"

#include <cstdlib>
#include <filesystem>

#include "connectors/file_source.h"
#include "connectors/record_reader.h"

namespace tripline::tests {

std::string real_logs_folder() {
  const char* shared = std::getenv("TRIPLINE_SHARED");
  return std::string(shared != nullptr ? shared : "../shared") + "/data/cloudtrail/";
}

bool have_real_logs() { return std::filesystem::is_directory(real_logs_folder()); }

std::string no_real_logs() { return "no logs at " + real_logs_folder() + "; set TRIPLINE_SHARED"; }

void each_real_event(const std::string& path, const engine::FieldTable& fields,
                     const std::function<void(engine::Event&)>& visit) {
  const auto source = connectors::FileSource::open({real_logs_folder() + path}).value();
  engine::Event event(fields);
  connectors::RecordBatch batch;
  for (auto envelope = source->next().value(); envelope; envelope = source->next().value()) {
    connectors::RecordReader reader(*envelope, {});
    while (reader.next(batch).value()) {
      for (const auto& record : batch.records) {
        event.read(record).value();
        visit(event);
      }
    }
  }
}

}  // namespace tripline::tests
