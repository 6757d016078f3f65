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
#
# The same is asked of what "upgrade --sql" prints: psql sends of the script what
# it sends of the file, without the lines that no migration may hold. RUNG names
# the program.
# The last line is "oracle: N passed, N failed[, N skipped]".
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/caller.sh
source "$here/../lib/caller.sh"
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"
: "${CUT:=$here/../../build/tests/cut}" "${RECORD:=$here/../../build/tests/record}" "${RUNG:=$here/../../build/rung}"

RUNG_RUN=$(mktemp -d "${TMPDIR:-/tmp}/rung-oracle.XXXXXX")
export RUNG_RUN
server_programs_first
trap 'servers_stop_all; rm -rf "$RUNG_RUN"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$RUNG_RUN"
server_new oracle >/dev/null

# psql resolves \i from the working directory, we from the project's.
recorded() {
	(cd "${FROM:-$here/corpus}" && env -u PGDATABASE PGUSER=postgres PGCLIENTENCODING=UTF8 \
		"$RECORD" "$RUNG_RUN/oracle/.s.PGSQL.5432" psql -X -q -d postgres -o /dev/null -f "$1" 2>"$RUNG_RUN/errors")
}

# Does this psql look for CREATE FUNCTION outside of parentheses?
is_since_2026_08() {
	echo '(x) create function f() begin atomic select 1; end;' >"$RUNG_RUN/probe.sql"
	[ "$(recorded "$RUNG_RUN/probe.sql" | grep -c '^Q ')" = 1 ]
}

# --- the printed script ---

project=$RUNG_RUN/project
mkdir -p "$project/schema" "$project/rollback" "$project/.home"
cp -R "$here/corpus/part" "$project"
cp -R "$here/corpus/part" "$project/schema"

# A migration of the file, whole lines of it and statement by statement, as psql runs it. Lines
# that no migration may hold are left out; a table cannot be a temporary one there.
make_migration() {
	local line
	sed $'1s/^\\(\xef\xbb\xbf\\)\\{0,1\\}/&-- rung: transaction: none\\\n/' "$1" |
		sed 's/create temp table/create table/; s/pg_temp\./public./' >"$project/schema/01_file.sql"
	if [ -n "$(tail -c1 "$1")" ]; then echo >>"$project/schema/01_file.sql"; fi
	scripts=$((scripts + 1))
	until print_script >"$RUNG_RUN/script.all" 2>"$RUNG_RUN/errors"; do
		line=$(sed -n 's/^schema.01_file.sql:\([0-9]*\):.*error: .*/\1/p' "$RUNG_RUN/errors")
		[ -n "$line" ] || return 1
		sed -i "${line}d" "$project/schema/01_file.sql"
	done
}

# With a history of its own, so that there is always one to make.
print_script() {
	(cd "$project" && env -i PATH="$PATH" HOME="$project/.home" LC_ALL=C.UTF-8 \
		DATABASE_URL="postgresql://postgres@/postgres?host=$RUNG_RUN/oracle" \
		"$RUNG" upgrade --sql --history-table "$(printf 'history_%03d' "$scripts")")
}

# What psql sends when it runs the migration, and when it runs the script; on after errors.
record_both() {
	grep -v '^\\set ON_ERROR_STOP' "$RUNG_RUN/script.all" >"$RUNG_RUN/script.sql"
	fresh_schema && FROM=$project recorded "$project/schema/01_file.sql" >"$RUNG_RUN/psql" &&
		fresh_schema && FROM=$project recorded "$RUNG_RUN/script.sql" >"$RUNG_RUN/script.sent"
}

fresh_schema() {
	psql -X -q -d "postgresql://postgres@/postgres?host=$RUNG_RUN/oracle" -v ON_ERROR_STOP=1 \
		-c 'set client_min_messages = error; drop schema public cascade; create schema public'
}

# Ours come before, as many lines as for a file of one statement, and after, from the last BEGIN on.
scripts=0
echo "select 'of the file';" >"$RUNG_RUN/one.sql"
make_migration "$RUNG_RUN/one.sql" && record_both
ours_before=$(grep -an "^select 'of the file'$" "$RUNG_RUN/script.sent" | cut -d: -f1)
ours_before=$((ours_before - 2))

is_printed_alike() {
	local behind
	make_migration "$1" && record_both || return 1
	behind=$(grep -anE '^BEGIN( READ WRITE)?$' "$RUNG_RUN/script.sent" | tail -n 1 | cut -d: -f1)
	head -n "$((behind - 2))" "$RUNG_RUN/script.sent" | tail -n "+$((ours_before + 1))" >"$RUNG_RUN/script"
	diff -u --label psql --label "psql with the script" "$RUNG_RUN/psql" "$RUNG_RUN/script"
}

# --- file by file ---

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
		if is_printed_alike "$file"; then
			passed=$((passed + 1))
		else
			echo "not ok: ${file#"$PWD"/} as a script"
			failed=$((failed + 1))
		fi
	fi
done
echo "oracle: $passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ "$failed" -eq 0 ]
