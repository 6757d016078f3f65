#!/usr/bin/env bash
# tripwire.sh - does the guard of SQL restores let a command of psql pass?
#
#	tests/oracle/tripwire.sh [COUNT [FIRST]]
#
# Has tripwire.c (TRIPWIRE names the program) make random scripts and runs them
# with psql on a private server, without psql's restricted mode.
# The last line is "tripwire: ...", and the exit code 0 when nothing got through.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/caller.sh
source "$here/../lib/caller.sh"
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"
: "${TRIPWIRE:=$here/../../build/tests/tripwire}"

RUNG_RUN=$(mktemp -d "${TMPDIR:-/tmp}/rung-tripwire.XXXXXX")
export RUNG_RUN
server_programs_first
trap 'servers_stop_all; rm -rf "$RUNG_RUN"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$RUNG_RUN"
server_new tripwire >/dev/null
mkdir "$RUNG_RUN/folder"

export PGHOST=$RUNG_RUN/tripwire PGUSER=postgres PGDATABASE=postgres PGCLIENTENCODING=UTF8
psql -Xqc 'create table t (a text)'
"$TRIPWIRE" "$RUNG_RUN/folder" "${2:-1}" "${1:-300}"
