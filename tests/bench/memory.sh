#!/usr/bin/env bash
# memory.sh - peak memory of large inputs, beside psql's of the same file
#
#	tests/bench/memory.sh               all of it
#	tests/bench/memory.sh select insert some of it
#
#	select      SELECT of 10 million rows
#	notice      a NOTICE of 100 MB
#	statement   one statement of 200 MB
#	statements  a million statements in one file
#	insert      100 MB of INSERT statements
#	copy        100 MB by COPY ... FROM STDIN
#	files       1,000 files of a table and an index
#
# RUNG is the program; RUNG_BENCH_ROUNDS how many rounds there are (1);
# RUNG_BENCH_DIR where the server and the inputs lie (16 GB are plenty). Each line
# has rung's peak memory and psql's, and rung's wall clock as a part of psql's.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"

RUNG=${RUNG:-$(cd "$here/../.." && pwd)/build/rung}
ROUNDS=${RUNG_BENCH_ROUNDS:-1}
RUNG_RUN=$(mktemp -d "${RUNG_BENCH_DIR:-${TMPDIR:-/tmp}}/rung-bench.XXXXXX")
mkdir "$RUNG_RUN/pids"
chmod 711 "$RUNG_RUN"
trap 'servers_stop_all; rm -rf "$RUNG_RUN"' EXIT
trap 'exit 130' INT TERM

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

fresh() {
	psql -XAtq -d "$(server_url bench postgres)" -c "drop database if exists bench" -c "create database bench" \
		-c checkpoint 2>/dev/null
}

# project NAME - an empty one; its migration is what comes on standard input.
project() {
	mkdir -p "$RUNG_RUN/$1/schema" "$RUNG_RUN/$1/rollback"
	cat >"$RUNG_RUN/$1/schema/01_it.sql"
	echo 'DROP TABLE IF EXISTS t;' >"$RUNG_RUN/$1/rollback/rollback_01_it.sql"
}

input_select() { echo "SELECT i, 'some text' FROM generate_series(1, 10000000) AS i;"; }

input_notice() { echo "DO \$\$ BEGIN RAISE NOTICE '%', repeat('x', 100 * 1000 * 1000); END \$\$;"; }

input_statement() {
	echo "CREATE TABLE t (c text);"
	awk 'BEGIN { printf "INSERT INTO t SELECT left('"'"'"; f = sprintf("%999s", ""); gsub(/ /, "x", f);
		for (i = 0; i < 200 * 1000; i++) print f; print "'"'"', 10);" }'
}

input_statements() {
	echo "CREATE TABLE t (i int);"
	awk 'BEGIN { for (i = 0; i < 1000 * 1000; i++) print "INSERT INTO t VALUES (" i ");" }'
}

input_insert() {
	echo "CREATE TABLE t (i int, c text);"
	awk 'BEGIN { f = sprintf("%960s", ""); gsub(/ /, "x", f);
		for (i = 0; i < 100 * 1000; i++) printf "INSERT INTO t VALUES (%d, '"'"'%s'"'"');\n", i, f }'
}

input_copy() {
	echo "CREATE TABLE t (i int, c text);"
	echo "COPY t FROM STDIN;"
	awk 'BEGIN { f = sprintf("%90s", ""); gsub(/ /, "x", f);
		for (i = 0; i < 1000 * 1000; i++) printf "%d\t%s\n", i, f }'
	echo '\.'
}

input_files() {
	local i
	for ((i = 2; i <= 1000; i++)); do
		printf 'CREATE TABLE t_%s (id bigint PRIMARY KEY, amount integer NOT NULL);\nCREATE INDEX ON t_%s (amount);\n' \
			"$i" "$i" >"$RUNG_RUN/files/schema/$(printf '%04d' "$i")_table.sql"
		echo "DROP TABLE t_$i;" >"$RUNG_RUN/files/rollback/rollback_$(printf '%04d' "$i")_table.sql"
	done
	echo "CREATE TABLE t (i int);"
}

by_rung() { (cd "$RUNG_RUN/$1" && DATABASE_URL=$(server_url bench bench) timed "$1.rung" "$RUNG" upgrade --no-backup); }

by_psql() {
	timed "$1.psql" psql -X -q -1 -v ON_ERROR_STOP=1 -d "$(server_url bench bench)" -f "$RUNG_RUN/$1.sql"
}

# timed NAME COMMAND... - adds a line "seconds kB" to NAME.
timed() {
	local name=$1
	shift
	/usr/bin/time -a -f '%e %M' -o "$RUNG_RUN/$name" "$@" >/dev/null 2>&1
}

measure() {
	local round name
	mkdir -p "$RUNG_RUN/$1/schema" "$RUNG_RUN/$1/rollback"
	"input_$1" | project "$1"
	cat "$RUNG_RUN/$1"/schema/*.sql >"$RUNG_RUN/$1.sql"
	for ((round = 0; round < ROUNDS; round++)); do
		fresh && by_psql "$1"
		fresh && by_rung "$1"
	done
	local -A seconds kb
	for name in rung psql; do
		seconds[$name]=$(cut -d' ' -f1 "$RUNG_RUN/$1.$name" | median)
		kb[$name]=$(cut -d' ' -f2 "$RUNG_RUN/$1.$name" | median)
	done
	printf '%-11s rung %7d kB   psql %7d kB   rung / psql %s  (%s s / %s s)\n' "$1" "${kb[rung]}" "${kb[psql]}" \
		"$(awk -v a="${seconds[rung]}" -v b="${seconds[psql]}" 'BEGIN { printf "%.2f", a / b }')" \
		"${seconds[rung]}" "${seconds[psql]}"
	rm -rf "${RUNG_RUN:?}/$1" "$RUNG_RUN/$1.sql"
}

server_new bench fsync=on max_wal_size=4GB shared_buffers=128MB
lines=("$@")
if [ ${#lines[@]} -eq 0 ]; then lines=(select notice statement statements insert copy files); fi
for line in "${lines[@]}"; do measure "$line"; done
