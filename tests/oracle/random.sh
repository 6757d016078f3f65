#!/usr/bin/env bash
# random.sh - are random scripts cut as psql cuts them, and leave what they leave with psql?
#
#	tests/oracle/random.sh [CUT_COUNT [RUN_COUNT [FIRST]]]
#
# CUT_COUNT scripts are cut by our reader, and psql's connection is recorded while it
# reads them, ten to a file. RUN_COUNT others are run by psql and by rung, on
# databases of their own, and table, rows and outcome compared; what psql fails at
# in the middle rung may refuse before anything runs. CUT, RECORD, RANDOM_SCRIPT and
# RUNG name the programs. The last line is "random: N passed, N failed".
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
# shellcheck source=tests/lib/caller.sh
source "$here/../lib/caller.sh"
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"
: "${CUT:=$build/tests/cut}" "${RECORD:=$build/tests/record}" "${RUNG:=$build/rung}"
: "${RANDOM_SCRIPT:=$build/tests/random_script}"

RUNG_RUN=$(mktemp -d "${TMPDIR:-/tmp}/rung-random.XXXXXX")
export RUNG_RUN
server_programs_first
trap 'servers_stop_all; rm -rf "$RUNG_RUN"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$RUNG_RUN"
server_new random >/dev/null
cd "$RUNG_RUN"
export PGHOST=$RUNG_RUN/random PGUSER=postgres PGCLIENTENCODING=UTF8 HOME=$RUNG_RUN
unset PGDATABASE DATABASE_URL

cut_count=${1:-300}
run_count=${2:-40}
first=${3:-1}
passed=0
failed=0

judge() {
	if [ "$2" = good ]; then
		passed=$((passed + $3))
	else
		echo "not ok: $1"
		failed=$((failed + 1))
	fi
}

# --- how they are cut ---

psql -Xqd postgres -c 'create table copied (a text)'
for ((number = first; number < first + cut_count; number += 10)); do
	for ((i = number; i < number + 10; i++)); do "$RANDOM_SCRIPT" cut "$i"; done >script.sql
	verdict=good
	env -u PGHOST "$RECORD" "$PGHOST/.s.PGSQL.5432" psql -X -q -d postgres -o /dev/null -f script.sql >psql.cut 2>errors || verdict=bad
	"$CUT" script.sql >rung.cut || verdict=bad
	diff -u --label psql --label rung psql.cut rung.cut || verdict=bad
	judge "cut of the scripts from $number on" $verdict 10
done

# --- what they leave behind ---

mkdir -p schema rollback
fresh() {
	printf '%s\n' 'set client_min_messages = warning; drop schema public cascade; create schema public;' \
		'create table eff (script int, place int, t text);'
}

left() {
	psql -XAtqd "$1" -c 'table eff' -c "select relname from pg_class where relnamespace = 'public'::regnamespace and relname = 'made'"
}

psql -Xqd postgres -c 'create database by_psql' -c 'create database by_rung'
both_failed=0
for ((number = first; number < first + run_count; number++)); do
	kind=plain one=()
	if [ $((number % 3)) -eq 0 ]; then kind=whole one=(-1); fi
	"$RANDOM_SCRIPT" $kind "$number" >schema/01_script.sql
	fresh | psql -Xqd by_psql
	fresh | psql -Xqd by_rung
	psql_status=0 rung_status=0 verdict=good
	psql -X "${one[@]}" -v ON_ERROR_STOP=1 -o /dev/null -d by_psql -f schema/01_script.sql >psql.said 2>&1 || psql_status=$?
	"$RUNG" -d "postgresql:///by_rung" upgrade --no-backup >rung.said 2>&1 || rung_status=$?
	if [ "$rung_status" -eq 2 ]; then fresh | psql -Xqd by_psql; fi
	if [ $((psql_status > 0)) -ne $((rung_status > 0)) ] || ! diff -u --label psql --label rung <(left by_psql) <(left by_rung); then
		verdict=bad
		cat schema/01_script.sql psql.said rung.said
	fi
	both_failed=$((both_failed + (psql_status > 0)))
	judge "effects of $kind script $number (psql $psql_status, rung $rung_status)" $verdict 1
done
if [ "$run_count" -ge 40 ] && { [ "$both_failed" -eq 0 ] || [ "$both_failed" -gt $((run_count / 2)) ]; }; then
	judge "$both_failed of $run_count scripts fail, which is no mixture" bad
fi
echo "random: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
