#!/bin/sh
# Shows that check.sh refuses what crosses a layer and lets the rest pass: each case is a repository of one line.
set -eu
check=$(cd "$(dirname "$0")" && pwd)/check.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# allows|refuses <file> <include>
allows() { expect 0 "$@"; }
refuses() { expect 1 "$@"; }
expect() {
  rm -rf "$scratch/repository"
  mkdir -p "$scratch/repository/$(dirname "$2")"
  printf '// a comment\n%s\n' "$3" > "$scratch/repository/$2"
  status=0
  sh "$check" "$scratch/repository" > "$scratch/output" 2>&1 || status=$?
  if [ "$status" -ne "$1" ]; then
    printf '%s with `%s`: exit %s, expected %s\n' "$2" "$3" "$status" "$1"
    failed=1
  elif [ "$1" -eq 1 ] && ! grep -q "^$2:2: " "$scratch/output"; then
    printf '%s with `%s`: refused without its place: %s\n' "$2" "$3" "$(cat "$scratch/output")"
    failed=1
  fi
}

allows engine/event.h '#include "engine/record.h"'
allows engine/event.h '#include <string_view>'
allows engine/event.h '#include <simdjson.h>'
allows engine/index.cc '#include <boost/unordered/unordered_flat_map.hpp>'
allows engine/store/sqlite.cc '#include <sqlite3.h>'
allows engine/event.cc '// see #include "rules/reader.h"'
allows rules/reader.cc '#include "engine/rule.h"'
allows rules/reader.cc '#include <yaml-cpp/yaml.h>'
allows connectors/gzip.cc '#include <libdeflate.h>'
allows connectors/files.cc '#include <sys/stat.h>'
allows connectors/net/server.cc '#include <boost/beast/http.hpp>'
allows alerts/sinks/webhook.cc '#include "connectors/net/sigv4.h"'
allows app/main.cc '#include "rules/reader.h"'
allows app/main.cc '#include <CLI/CLI.hpp>'

refuses engine/event.h '#include "rules/reader.h"'
refuses engine/event.h '  #  include "app/config.h"'
refuses engine/event.h '#include "event.h"'
refuses engine/event.cc '#include <sqlite3.h>'
refuses engine/store_sqlite.cc '#include <sqlite3.h>'
refuses app/main.cc '#include <sqlite3.h>'
refuses engine/event.cc '#include <boost/asio.hpp>'
refuses engine/event.cc '#include <boost/algorithm/string.hpp>'
refuses engine/event.cc '#include <openssl/ssl.h>'
refuses engine/event.cc '#include <yaml-cpp/yaml.h>'
refuses rules/reader.cc '#include "connectors/files.h"'
refuses rules/reader.cc '#include <simdjson.h>'
refuses connectors/files.cc '#include "rules/reader.h"'
refuses connectors/files.cc '#include <boost/asio/io_context.hpp>'
refuses alerts/outbox.cc '#include "rules/reader.h"'
refuses alerts/outbox.cc '#include "connectors/files.h"'
refuses app/main.cc '#include "tests/support/files.h"'
refuses app/main.cc '#include <gtest/gtest.h>'
refuses app/main.cc '#include <nlohmann/json.hpp>'

mkdir "$scratch/empty"
if sh "$check" "$scratch/empty" > "$scratch/output" 2>&1; then
  echo 'a repository without sources passes'
  failed=1
fi
exit "$failed"
