#!/usr/bin/env bash
# run.sh TRIPLINE [PEER...]: how it goes with software from elsewhere that no Debian package has. Each peer is a script
# beside this one, run in a folder of its own with $TRIPLINE. It fetches what it needs there, from npm or PyPI, and says what
# it does on standard output; exit code 77 with the reason in its last line: it could not be run here.
set -euo pipefail

TRIPLINE=$(realpath "$1")
export TRIPLINE
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ $# -gt 0 ]] || set -- javascript_sdk moto
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

passed=() skipped=() failed=()
for peer in "$@"; do
  script="$here/$peer/run.sh"
  [[ -f $script ]] || { echo "peers: there is no $peer" >&2 && exit 2; }
  echo "--- $peer"
  mkdir "$scratch/$peer"
  code=0
  (cd "$scratch/$peer" && timeout --kill-after=10 600 bash "$script") > "$scratch/said" 2>&1 || code=$?
  cat "$scratch/said"
  case $code in
    0) passed+=("$peer") ;;
    77) skipped+=("$peer: $(tail -n 1 "$scratch/said")") ;;
    *) failed+=("$peer: exit code $code") ;;
  esac
done
echo "---"
for line in "${skipped[@]}"; do echo "skipped: $line"; done
for line in "${failed[@]}"; do echo "failed: $line"; done
echo "${#passed[@]} passed, ${#failed[@]} failed, ${#skipped[@]} skipped"
# With nothing that ran, nothing is known.
[[ ${#failed[@]} -eq 0 && ${#passed[@]} -gt 0 ]]
