# Starts and stops the service for a script. Sourced after tests/tools.bash, from the repository's root; never run.
# shellcheck shell=bash

# build_server debug|release — MIKOMI_BINARY may name a finished program; otherwise cargo builds one.
build_server() {
  [ -z "${MIKOMI_BINARY-}" ] || return 0
  need_rust
  local profile=dev
  [ "$1" = debug ] || profile=$1
  cargo build --locked --quiet --bin mikomi --profile "$profile"
  MIKOMI_BINARY=${CARGO_TARGET_DIR:-target}/$1/mikomi
}

# What the caller's own environment says of a database must not reach a test.
unset MIKOMI_CONFIG MIKOMI_DATABASE MIKOMI_LISTEN
# Scripts ask faster than people do.
export MIKOMI_RATE_LIMIT=${MIKOMI_RATE_LIMIT-0}

# is_ready HOST:PORT — whether /readyz answers 200. Bash alone, without a new process: curl may be missing, and a
# benchmark counts milliseconds.
is_ready() {
  local status=
  {
    exec 9<>"/dev/tcp/${1/://}" || return
    printf 'GET /readyz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" >&9
    read -r -t 5 -u 9 _ status _ || true
    exec 9>&-
  } 2>/dev/null
  [ "$status" = 200 ]
}

server_pid='' server_address='' server_log=''

# start_server LOG serve|demo OPTION… — returns when /readyz answers 200; sets server_pid, server_address, server_log.
start_server() {
  server_log=$1
  shift
  "$MIKOMI_BINARY" "$@" --listen 127.0.0.1:0 >"$server_log" 2>&1 &
  server_pid=$!
  # A minute: a debug build that fills a database on a busy machine is slow.
  for _ in {1..600}; do
    server_address=$(grep -aoE 'listening on http://[0-9.]+:[0-9]+' "$server_log" | head -1 | cut -d/ -f3) || true
    if [ -n "$server_address" ] && is_ready "$server_address"; then return; fi
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.1
  done
  show_server_log
  die "mikomi $* did not become ready"
}

stop_server() {
  [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
  [ -z "$server_pid" ] || wait "$server_pid" || true
  server_pid=
}

# The errors first: a chatty log may bury them.
show_server_log() {
  printf -- '--- errors in the log of the server ---\n'
  grep -aiE 'error|panic' "$server_log" | head -100 || true
  printf -- '--- the end of the log of the server ---\n'
  tail -n 100 "$server_log"
  printf -- '--- \n'
} >&2
