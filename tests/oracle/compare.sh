#!/usr/bin/env bash
# compare.sh - do we cut scripts where psql does?
#
#	tests/oracle/compare.sh [FILE...]
#
# Runs each file of corpus/ in psql, whose connection to a private server passes
# through a recorder, and compares what psql sent with what our reader makes of
# the same file. CUT and RECORD name the two programs (make check-oracle builds
# them). The last line is "oracle: N passed, N failed".
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"
: "${CUT:=$here/../../build/tests/cut}" "${RECORD:=$here/../../build/tests/record}"

RUNG_RUN=$(mktemp -d "${TMPDIR:-/tmp}/rung-oracle.XXXXXX")
export RUNG_RUN
trap 'servers_stop_all; rm -rf "$RUNG_RUN"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$RUNG_RUN"
server_new oracle >/dev/null

# psql resolves \i from the working directory, we from the project's.
recorded() {
	(cd "$here/corpus" && env -u PGDATABASE PGUSER=postgres PGCLIENTENCODING=UTF8 \
		"$RECORD" "$RUNG_RUN/oracle/.s.PGSQL.5432" psql -X -q -d postgres -o /dev/null -f "$1" 2>"$RUNG_RUN/errors")
}

passed=0
failed=0
if [ $# -eq 0 ]; then set -- "$here"/corpus/*.sql; fi
for file in "$@"; do
	if ! recorded "$file" >"$RUNG_RUN/psql" || ! "$CUT" "$file" "$here/corpus" >"$RUNG_RUN/rung" ||
		! diff -u --label psql --label rung "$RUNG_RUN/psql" "$RUNG_RUN/rung"; then
		echo "not ok: ${file#"$PWD"/}"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done
echo "oracle: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
