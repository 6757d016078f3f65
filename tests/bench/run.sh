#!/usr/bin/env bash
# run.sh - what rung costs, as ratios measured in one run
#
#	tests/bench/run.sh            all of it
#	tests/bench/run.sh a d        some of it
#
#	a  1,000 small migrations against psql, statement by statement and a message a file
#	b  10,000 of them, and the time before the first statement
#	c  nothing to do with 1,000 applied, against psql -c 'select 1'
#	d  100 migrations over a line of 20 ms: round trips
#	e  peak memory of (a), and with a data file of 1 GB
#
# RUNG is the program; RUNG_BENCH_ROUNDS how often the two sides take turns (5);
# RUNG_BENCH_DIR where the server keeps its data. Every figure is a median of the
# rounds; nothing here fails a build, because a busy machine is not a bug.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"

RUNG=${RUNG:-$(cd "$here/../.." && pwd)/build/rung}
PROXY=${PROXY:-$(dirname "$RUNG")/tests/proxy}
ROUNDS=${RUNG_BENCH_ROUNDS:-5}
RUNG_RUN=$(mktemp -d "${RUNG_BENCH_DIR:-${TMPDIR:-/tmp}}/rung-bench.XXXXXX")
mkdir "$RUNG_RUN/pids"
chmod 711 "$RUNG_RUN"
trap 'servers_stop_all; rm -rf "$RUNG_RUN"' EXIT
trap 'exit 130' INT TERM

say() { printf '%-58s %s\n' "$1" "$2"; }
now_us() { echo $((${EPOCHREALTIME/[.,]/})); }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

# Microseconds a command takes.
took() {
	local began
	began=$(now_us)
	"$@" >/dev/null
	echo $(($(now_us) - began))
}

database() { server_url bench "$1"; }

# An empty database, with nothing left to write from the one before.
fresh() {
	psql -XAtq -d "$(database postgres)" -c "drop database if exists $1" -c "create database $1" -c checkpoint \
		2>/dev/null
}

# project DIR COUNT - so many migrations: a table and an index each.
project() {
	mkdir -p "$1/schema" "$1/rollback"
	local i number
	for ((i = 1; i <= $2; i++)); do
		printf -v number '%05d' "$i"
		printf 'CREATE TABLE t_%s (\n    id bigint PRIMARY KEY,\n    amount integer NOT NULL\n);\nCREATE INDEX idx_t_%s_amount ON t_%s (amount);\n' \
			"$number" "$number" "$number" >"$1/schema/${number}_table.sql"
		echo "DROP TABLE t_$number;" >"$1/rollback/rollback_${number}_table.sql"
	done
}

# The same files and history rows for psql, from what rung itself would print:
# statement by statement, and each file with its rows as one message ("\;").
scripts_for_psql() {
	fresh bench
	(cd "$1" && DATABASE_URL=$(database bench) "$RUNG" upgrade --sql) |
		grep -vxE 'BEGIN;|COMMIT;|RESET.*|SET SESSION.*' >"$RUNG_RUN/by_statement.sql"
	"$here/join_statements.awk" "$RUNG_RUN/by_statement.sql" >"$RUNG_RUN/by_file.sql"
}

upgrade() { (cd "$1" && DATABASE_URL=$(database bench) "$RUNG" upgrade); }
by_psql() { psql -X -q -v ON_ERROR_STOP=1 -d "$(database bench)" -f "$1"; }

bench_a() {
	local round
	project "$RUNG_RUN/a" 1000
	scripts_for_psql "$RUNG_RUN/a"
	for ((round = 0; round < ROUNDS; round++)); do
		fresh bench && took by_psql "$RUNG_RUN/by_statement.sql" >>"$RUNG_RUN/a.statement"
		fresh bench && took upgrade "$RUNG_RUN/a" >>"$RUNG_RUN/a.rung"
		fresh bench && took by_psql "$RUNG_RUN/by_file.sql" >>"$RUNG_RUN/a.file"
	done
	local rung statement file
	rung=$(median <"$RUNG_RUN/a.rung")
	statement=$(median <"$RUNG_RUN/a.statement")
	file=$(median <"$RUNG_RUN/a.file")
	say "a: 1,000 migrations / psql by statement (at most 0.45)" \
		"$(ratio "$rung" "$statement")  ($((rung / 1000)) ms / $((statement / 1000)) ms)"
	say "a: 1,000 migrations / psql, a message a file (at most 0.7)" \
		"$(ratio "$rung" "$file")  ($((rung / 1000)) ms / $((file / 1000)) ms)"
}

# The server's own clock says when the first statement of a file arrived.
before_first_statement() {
	local began first
	began=$(date +%s%3N)
	upgrade "$1" >/dev/null
	first=$(psql -XAtq -d "$(database bench)" -c "select (extract(epoch from at) * 1000 - duration_ms)::bigint
		from schema_version_log order by id limit 1")
	echo $((first - began))
}

bench_b() {
	project "$RUNG_RUN/b" 10000
	scripts_for_psql "$RUNG_RUN/b"
	fresh bench
	local statement rung first
	statement=$(took by_psql "$RUNG_RUN/by_statement.sql")
	fresh bench
	rung=$(now_us)
	first=$(before_first_statement "$RUNG_RUN/b")
	rung=$(($(now_us) - rung))
	say "b: 10,000 migrations / psql by statement (at most 0.45)" \
		"$(ratio "$rung" "$statement")  ($((rung / 1000)) ms / $((statement / 1000)) ms)"
	say "b: before the first statement (below 1000 ms)" "$first ms"
}

bench_c() {
	local round
	[ -d "$RUNG_RUN/a" ] || project "$RUNG_RUN/a" 1000
	fresh bench
	upgrade "$RUNG_RUN/a" >/dev/null
	for ((round = 0; round < 10 * ROUNDS; round++)); do
		took upgrade "$RUNG_RUN/a" >>"$RUNG_RUN/c.rung"
		took psql -XAtq -d "$(database bench)" -c 'select 1' >>"$RUNG_RUN/c.psql"
	done
	local rung psql
	rung=$(median <"$RUNG_RUN/c.rung")
	psql=$(median <"$RUNG_RUN/c.psql")
	say "c: nothing to do / psql -c 'select 1' (at most 1.3)" "$(ratio "$rung" "$psql")  ($rung us / $psql us)"
}

bench_d() {
	local pid
	project "$RUNG_RUN/d" 100
	fresh bench
	mkdir "$RUNG_RUN/line"
	"$PROXY" --listen "$RUNG_RUN/line/.s.PGSQL.5432" --connect "$RUNG_RUN/bench/.s.PGSQL.5432" \
		--stats "$RUNG_RUN/line/stats" --delay-ms 20 &
	pid=$!
	echo $pid >"$RUNG_RUN/pids/line"
	while [ ! -S "$RUNG_RUN/line/.s.PGSQL.5432" ]; do sleep 0.01; done
	local began
	began=$(now_us)
	(cd "$RUNG_RUN/d" && DATABASE_URL="postgresql://postgres@/bench?host=$RUNG_RUN/line" "$RUNG" upgrade >/dev/null)
	began=$((($(now_us) - began) / 1000))
	kill "$pid" && wait "$pid" || true
	rm -f "$RUNG_RUN/pids/line"
	say "d: round trips for 100 migrations (at most 10)" \
		"$(sed -n 's/^round_trips[ =:]*//p' "$RUNG_RUN/line/stats")  ($began ms over a line of 20 ms)"
}

# Peak memory of an upgrade in kB, as the kernel counted it.
peak_kb() {
	(cd "$1" && DATABASE_URL=$(database bench) "$here/peak.sh" "$RUNG" upgrade)
}

bench_e() {
	local peak big
	[ -d "$RUNG_RUN/a" ] || project "$RUNG_RUN/a" 1000
	fresh bench
	peak=$(peak_kb "$RUNG_RUN/a")
	say "e: peak memory of 1,000 migrations (at most 16384 kB)" "$peak kB"
	for size in 10 1000; do
		mkdir -p "$RUNG_RUN/e/schema" "$RUNG_RUN/e/rollback"
		{
			echo "CREATE UNLOGGED TABLE big (id bigint, filler text);"
			echo "COPY big FROM STDIN;"
			awk -v rows=$((size * 1000)) 'BEGIN { f = sprintf("%980s", ""); gsub(/ /, "x", f);
				for (i = 0; i < rows; i++) printf "%d\t%s\n", i, f }'
			echo '\.'
		} >"$RUNG_RUN/e/schema/01_data.sql"
		echo "DROP TABLE big;" >"$RUNG_RUN/e/rollback/rollback_01_data.sql"
		fresh bench
		big=$(peak_kb "$RUNG_RUN/e")
		say "e: peak memory with COPY data of $size MB (constant)" "$big kB"
	done
}

server_new bench fsync=on max_wal_size=4GB shared_buffers=128MB
benches=("$@")
if [ ${#benches[@]} -eq 0 ]; then benches=(a b c d e); fi
say "rung $("$RUNG" version | head -n 1 | cut -d' ' -f2), $(psql --version), $(nproc) cores" "median of $ROUNDS rounds"
for bench in "${benches[@]}"; do "bench_$bench"; done
