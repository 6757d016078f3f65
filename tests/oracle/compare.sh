#!/usr/bin/env bash
# compare.sh - do we cut scripts where psql does?
#
#	tests/oracle/compare.sh [FILE...]
#
# Runs each file of corpus/ in psql, whose connection to a private server passes
# through a recorder, and compares what psql sent with what our reader makes of
# the same file. CUT and RECORD name the two programs (make check-oracle builds
# them). psql's releases of August 2026 (15.19) changed where the body of a
# function begins; files named *_since_2026_08.sql are skipped with an older one.
# The last line is "oracle: N passed, N failed[, N skipped]".
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

# Does this psql look for CREATE FUNCTION outside of parentheses?
is_since_2026_08() {
	echo '(x) create function f() begin atomic select 1; end;' >"$RUNG_RUN/probe.sql"
	[ "$(recorded "$RUNG_RUN/probe.sql" | grep -c '^Q ')" = 1 ]
}

passed=0
failed=0
skipped=0
if [ $# -eq 0 ]; then set -- "$here"/corpus/*.sql; fi
for file in "$@"; do
	if [[ $file == *_since_2026_08.sql ]] && ! is_since_2026_08; then
		echo "skipped: ${file##*/}: $(psql --version) has the older rule"
		skipped=$((skipped + 1))
	elif ! recorded "$file" >"$RUNG_RUN/psql" || ! "$CUT" "$file" "$here/corpus" >"$RUNG_RUN/rung" ||
		! diff -u --label psql --label rung "$RUNG_RUN/psql" "$RUNG_RUN/rung"; then
		echo "not ok: ${file#"$PWD"/}"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done
echo "oracle: $passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ "$failed" -eq 0 ]
