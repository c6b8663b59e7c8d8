# What peers share; sourced.

# skip REASON: this peer cannot be run here.
skip() {
  echo "$*"
  exit 77
}

# fetched COMMAND...: runs it, and skips when it fails, as without a registry there is no peer. $instead, if it is set, is
# said then: what is known without it.
fetched() {
  "$@" > fetched.log 2>&1 || {
    cat fetched.log
    skip "could not be fetched: $(grep -iE 'error|errno|no matching' fetched.log | head -n 1)${instead:+; $instead}"
  }
}

# serve CONFIG: a `tripline serve` until this shell ends; sets $url.
serve() {
  "$TRIPLINE" serve -c "$1" > signals.ndjson 2> serve.log &
  at_exit "stop $!"
  local pid=$! tries
  for ((tries = 0; tries < 300; ++tries)); do
    url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' serve.log | head -n 1) && return
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  cat serve.log
  echo "tripline serve does not listen"
  return 1
}

# stop PID: ends a child, and waits for that.
stop() {
  kill "$1" 2> /dev/null || true
  wait "$1" 2> /dev/null || true
}

# at_exit COMMAND: runs it, whatever happens, before this shell ends.
exit_commands="true"
at_exit() {
  exit_commands="$1; $exit_commands"
  # shellcheck disable=SC2064  # as it is now
  trap "code=\$?; $exit_commands; exit \$code" EXIT
}
