#!/bin/sh
# Says which #include in a repository crosses the layers of docs/architecture.md. Usage: check.sh <repository>
# Exit 1 with one line a crossing. The two tables below are the rule; a new library or folder is a row in them.
set -eu
cd "$1"

# A path takes the first row it begins with. Ours: folders whose headers it may include. Third party: see the next table.
folders='
engine/store/   | engine                         | simdjson re2 boost digest xxhash sqlite
engine/         | engine                         | simdjson re2 boost digest xxhash
rules/          | rules engine                   | yaml-cpp re2 digest
connectors/net/ | connectors engine              | libdeflate zlib boost asio openssl digest
connectors/     | connectors engine              | libdeflate zlib
alerts/         | alerts engine connectors/net   | curl asio simdjson
app/            | app alerts connectors rules engine | cli11 spdlog prometheus yaml-cpp simdjson re2 boost asio digest openssl curl libdeflate zlib
'

# A third-party header takes the first row it begins with.
libraries='
simdjson.h           simdjson
re2/                 re2
boost/unordered      boost
boost/system         boost
boost/asio           asio
boost/beast          asio
openssl/evp.h        digest
openssl/             openssl
xxhash.h             xxhash
yaml-cpp/            yaml-cpp
sqlite3.h            sqlite
libdeflate.h         libdeflate
zlib.h               zlib
curl/                curl
CLI/                 cli11
spdlog/              spdlog
prometheus/          prometheus
'

# The C library and the system; C++ headers are those without a dot or a slash.
system='arpa/ cpuid.h emmintrin.h dirent.h fcntl.h fnmatch.h immintrin.h netdb.h netinet/ poll.h signal.h sys/ time.h unistd.h'

sources=$(for folder in engine rules connectors alerts app; do
  if [ -d "$folder" ]; then find "$folder" -name '*.cc' -o -name '*.h'; fi
done | sort)
if [ -z "$sources" ]; then
  echo "no sources found in $PWD" >&2
  exit 1
fi

# shellcheck disable=SC2086  # one file an argument; no source has a space in its name
awk -v folders="$folders" -v libraries="$libraries" -v system_headers="$system" '
function starts(text, prefix) { return substr(text, 1, length(prefix)) == prefix }
function has(words, word) { return index(" " words " ", " " word " ") > 0 }
function refuse(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; failed = 1 }

function check_ours(header,    n, words, i) {
  n = split(ours[row], words, " ")
  for (i = 1; i <= n; ++i) if (starts(header, words[i] "/")) return
  refuse("\"" header "\" is out of reach: " path[row] " may include " ours[row])
}

function check_third_party(header,    i) {
  if (header !~ /[.\/]/) return
  for (i = 1; i <= system_count; ++i) if (starts(header, system_header[i])) return
  for (i = 1; i <= library_count; ++i) {
    if (!starts(header, prefix[i])) continue
    if (!has(third_party[row], library[i])) {
      refuse("<" header "> is out of reach: " path[row] " may use " third_party[row])
    }
    return
  }
  refuse("<" header "> is in no table of tests/layers/check.sh: add its library, or take another")
}

BEGIN {
  n = split(folders, line, "\n")
  for (i = 1; i <= n; ++i) {
    if (split(line[i], cell, /[ ]*\|[ ]*/) < 3) continue
    ++rows
    path[rows] = cell[1]
    ours[rows] = cell[2]
    third_party[rows] = cell[3]
  }
  n = split(libraries, line, "\n")
  for (i = 1; i <= n; ++i) {
    if (split(line[i], cell, " ") < 2) continue
    prefix[++library_count] = cell[1]
    library[library_count] = cell[2]
  }
  system_count = split(system_headers, system_header, " ")
}

FNR == 1 {
  for (row = 1; row <= rows && !starts(FILENAME, path[row]); ++row) {}
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, part, "\"")
  check_ours(part[2])
}

/^[ \t]*#[ \t]*include[ \t]*</ {
  split($0, part, /[<>]/)
  check_third_party(part[2])
}

END { exit failed }
' $sources
