#!/usr/bin/env bash
# run.sh - what rung costs, as ratios measured in one run
#
#	tests/bench/run.sh            all of it
#	tests/bench/run.sh a d        some of it
#
#	a  1,000 small migrations against psql
#	b  10,000 of them, and the time before the first statement
#	c  the start alone, and nothing to do and status with 1,000 applied
#	d  100 migrations over a line of 20 ms: round trips
#	e  peak memory with a data file of 1 GB
#	f  fingerprint of 10,000 objects against pg_dump -s
#	g  test of 350 small migrations on a scratch server, and what it asks for of a server
#
# What (a) and (b) compare with is one psql that runs the same files, statement
# by statement as they are, each followed by one row of a version table of
# three columns: what people write by hand. "A message a file" is the same with
# each file and its row as one message. What "rung upgrade --sql" prints, run by
# psql, is shown next to them: it says what our own rows and checks would cost there.
#
# RUNG is the program; RUNG_BENCH_ROUNDS how many rounds there are (5);
# RUNG_BENCH_DIR where the server keeps its data (/dev/shm: in memory). Wall
# time is of the client from start to end; the server's processor time is that
# of the backends that ran meanwhile, as the kernel counted it. Every figure is
# a median of the rounds; nothing here fails a build, because a busy machine is
# not a bug.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"

RUNG=${RUNG:-$(cd "$here/../.." && pwd)/build/rung}
PROXY=${PROXY:-$(dirname "$RUNG")/tests/proxy}
ROUNDS=${RUNG_BENCH_ROUNDS:-5}
# The program itself: Debian's psql is a script that looks for one.
PSQL=$(server_bindir)/psql
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

# The files with the row that people write by hand, for psql; and what rung itself would print.
scripts_for_psql() {
	local file name
	{
		echo 'CREATE TABLE schema_version (version integer PRIMARY KEY, description text, applied_at timestamptz DEFAULT now());'
		for file in "$1"/schema/*.sql; do
			name=$(basename "$file" .sql)
			echo '-- apply'
			cat "$file"
			echo "INSERT INTO schema_version (version, description) VALUES ($((10#${name%%_*})), '$name');"
		done
	} >"$RUNG_RUN/by_statement.sql"
	"$here/join_statements.awk" "$RUNG_RUN/by_statement.sql" >"$RUNG_RUN/by_file.sql"
}

upgrade() { (cd "$1" && DATABASE_URL=$(database bench) exec "$RUNG" upgrade); }
by_psql() { "$PSQL" -X -q -o /dev/null -v ON_ERROR_STOP=1 -d "$(database bench)" -f "$RUNG_RUN/$1.sql"; }

# Clock ticks that backends spent which have ended: the postmaster has waited for them.
backend_ticks() { awk '{ sub(/.*\) /, ""); print $14 + $15 }' "/proc/$(server_pid bench)/stat"; }
backends_end() { while pgrep -P "$(server_pid bench)" -f ' bench ' >/dev/null; do sleep 0.01; done; }

# sample NAME COMMAND… - one run on a fresh database: adds to NAME its milliseconds of wall, client and server.
sample() {
	local name=$1 before TIMEFORMAT='%3R %3U %3S'
	shift
	fresh bench
	backends_end
	before=$(backend_ticks)
	{ time "$@" >/dev/null 2>"$RUNG_RUN/errors"; } 2>"$RUNG_RUN/spent"
	backends_end
	awk -v ticks=$(($(backend_ticks) - before)) -v hz="$(getconf CLK_TCK)" \
		'{ print $1 * 1000, ($2 + $3) * 1000, ticks * 1000 / hz }' "$RUNG_RUN/spent" >>"$RUNG_RUN/$name"
}
figure() { cut -d' ' -f"$2" "$RUNG_RUN/$1" | median; }

side() {
	say "   $1" "$(printf '%7s ms %7s ms %7s ms' "$(figure "$2" 1)" "$(figure "$2" 3)" "$(figure "$2" 2)")"
}

# compare WHAT COLUMN SIDE GOAL - ours against another's.
compare() {
	say "a: $1 (at most $4)" "$(ratio "$(figure a.rung "$2")" "$(figure "$3" "$2")")"
}

bench_a() {
	local round kind
	project "$RUNG_RUN/a" 1000
	scripts_for_psql "$RUNG_RUN/a"
	fresh bench
	(cd "$RUNG_RUN/a" && DATABASE_URL=$(database bench) "$RUNG" upgrade --sql) >"$RUNG_RUN/printed.sql"
	for ((round = 0; round < ROUNDS; round++)); do
		sample a.rung upgrade "$RUNG_RUN/a"
		for kind in by_statement by_file printed; do
			sample "a.$kind" by_psql "$kind"
		done
	done
	say "a: 1,000 migrations: median of" "   wall     server     client"
	side "rung upgrade" a.rung
	side "psql, statement by statement, a plain row" a.by_statement
	side "psql, a message a file, a plain row" a.by_file
	side "psql, what rung upgrade --sql prints" a.printed
	compare "wall / psql by statement, a plain row" 1 a.by_statement 0.60
	compare "wall / psql, a message a file, a plain row" 1 a.by_file 1.00
	compare "server / psql, a message a file, a plain row" 3 a.by_file 1.00
	say "a: client's processor time (at most 80 ms)" "$(figure a.rung 2) ms"
	fresh bench
	say "a: peak memory (at most 12288 kB)" "$(peak_kb "$RUNG_RUN/a" "$RUNG" upgrade) kB"
	fresh bench
	say "a: peak memory of psql, by statement, a plain row" \
		"$(peak_kb / "$PSQL" -X -q -d "$(database bench)" -f "$RUNG_RUN/by_statement.sql") kB"
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
	statement=$(took by_psql by_statement)
	fresh bench
	rung=$(now_us)
	first=$(before_first_statement "$RUNG_RUN/b")
	rung=$(($(now_us) - rung))
	say "b: 10,000 migrations / psql by statement, a plain row (at most 0.60)" \
		"$(ratio "$rung" "$statement")  ($((rung / 1000)) ms / $((statement / 1000)) ms)"
	say "b: before the first statement (below 1000 ms)" "$first ms"
}

# against WHAT OURS THEIRS GOAL
against() {
	local ours theirs
	ours=$(median <"$RUNG_RUN/$2") theirs=$(median <"$RUNG_RUN/$3")
	say "c: $1 (at most $4)" "$(ratio "$ours" "$theirs")  ($ours us / $theirs us)"
}

bench_c() {
	local round
	[ -d "$RUNG_RUN/a" ] || project "$RUNG_RUN/a" 1000
	fresh bench
	upgrade "$RUNG_RUN/a" >/dev/null
	cd "$RUNG_RUN/a"
	DATABASE_URL=$(database bench)
	export DATABASE_URL
	for ((round = 0; round < 20 * ROUNDS; round++)); do
		took "$RUNG" upgrade >>"$RUNG_RUN/c.upgrade"
		took "$PSQL" -XAtq -d "$DATABASE_URL" -c 'select 1' >>"$RUNG_RUN/c.psql"
		took "$RUNG" status >>"$RUNG_RUN/c.status"
		took "$RUNG" version >>"$RUNG_RUN/c.version"
		took "$PSQL" --version >>"$RUNG_RUN/c.psql_version"
	done
	cd "$RUNG_RUN"
	unset DATABASE_URL
	against "nothing to do, 1,000 applied / psql -c 'select 1'" c.upgrade c.psql 1.3
	against "status, 1,000 applied / psql -c 'select 1'" c.status c.psql 1.3
	against "rung version / psql --version" c.version c.psql_version 0.8
}

# line_start MS - a line to the server, at $RUNG_RUN/line, that takes so long.
line_start() {
	mkdir -p "$RUNG_RUN/line"
	rm -f "$RUNG_RUN/line/"*
	"$PROXY" --listen "$RUNG_RUN/line/.s.PGSQL.5432" --connect "$RUNG_RUN/bench/.s.PGSQL.5432" \
		--stats "$RUNG_RUN/line/stats" --delay-ms "$1" &
	echo $! >"$RUNG_RUN/pids/line"
	while [ ! -S "$RUNG_RUN/line/.s.PGSQL.5432" ]; do sleep 0.01; done
}

# Prints the round trips there were.
line_stop() {
	local pid
	pid=$(cat "$RUNG_RUN/pids/line")
	kill "$pid"
	while [ ! -s "$RUNG_RUN/line/stats" ]; do sleep 0.01; done
	rm -f "$RUNG_RUN/pids/line"
	sed -n 's/^round_trips[ =:]*//p' "$RUNG_RUN/line/stats"
}

bench_d() {
	project "$RUNG_RUN/d" 100
	fresh bench
	line_start 20
	local began
	began=$(now_us)
	(cd "$RUNG_RUN/d" && DATABASE_URL="postgresql://postgres@/bench?host=$RUNG_RUN/line" "$RUNG" upgrade >/dev/null)
	began=$((($(now_us) - began) / 1000))
	say "d: round trips for 100 migrations (at most 10)" "$(line_stop)  ($began ms over a line of 20 ms)"
}

# peak_kb DIR COMMAND… - its peak memory, as the kernel counted it.
peak_kb() {
	(cd "$1" && DATABASE_URL=$(database bench) "$here/peak.sh" "${@:2}" 2>"$RUNG_RUN/errors")
}

bench_e() {
	local big size
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
		big=$(peak_kb "$RUNG_RUN/e" "$RUNG" upgrade)
		say "e: peak memory with COPY data of $size MB (constant)" "$big kB"
	done
}

# In turn, so that both see the same machine; the catalogs are the same for both, and warm.
bench_f() {
	local url round objects kb
	fresh bench
	url=$(database bench)
	psql -XAtq -d "$url" -f "$here/many_objects.sql" -c "vacuum analyze"
	rm -f "$RUNG_RUN/f.dump" "$RUNG_RUN/f.rung"
	for ((round = 0; round <= ROUNDS; round++)); do
		took "$(server_bindir)/pg_dump" -s -d "$url" >>"$RUNG_RUN/f.dump"
		took "$RUNG" fingerprint "$url" >>"$RUNG_RUN/f.rung"
	done
	objects=$("$RUNG" fingerprint --objects "$url" | grep -vc ' column ')
	kb=$(peak_kb "$RUNG_RUN" "$RUNG" fingerprint "$url")
	say "f: fingerprint of $objects objects / pg_dump -s (at most 0.7)" \
		"$(ratio "$(median <"$RUNG_RUN/f.rung")" "$(median <"$RUNG_RUN/f.dump")")  ($(($(median <"$RUNG_RUN/f.rung") / 1000)) ms)"
	say "f: peak memory an object, columns not counted (at most 4 kB)" "$(ratio "$kb" "$objects") kB"
}

# history DIR COUNT - small migrations of five kinds, each with a right rollback.
history() {
	local n table up back
	mkdir -p "$1/schema" "$1/rollback"
	for ((n = 1; n <= $2; n++)); do
		table=t_$(((n - 1) / 5 * 5 + 1))
		case $(((n - 1) % 5)) in
		0) up="create table $table (id int primary key, label text not null, made timestamptz default now()); create index on $table (label);" back="drop table $table;" ;;
		1) up="alter table $table add column more int; comment on column $table.more is 'more';" back="alter table $table drop column more;" ;;
		2) up="create view v_$n as select id, label from $table;" back="drop view v_$n;" ;;
		3) up="create function f_$n(a int) returns int language sql as 'select a + $n';" back="drop function f_$n(int);" ;;
		4) up="insert into $table (id, label) values (1, 'a'), (2, 'b');" back="delete from $table where id in (1, 2);" ;;
		esac
		printf '%s\n' "$up" >"$1/schema/$(printf '%04d_m' "$n").sql"
		printf '%s\n' "$back" >"$1/rollback/rollback_$(printf '%04d_m' "$n").sql"
	done
}

rung_test() { (cd "$1" && unset DATABASE_URL && "$RUNG" test "${@:2}"); }

# As people would run them by hand: the ups alone, once.
psql_files() { "$PSQL" -Xq -v ON_ERROR_STOP=1 -d "$(database bench)" $(printf -- '-f %s ' "$1"/schema/*.sql); }

bench_g() {
	local count=${RUNG_BENCH_MIGRATIONS:-350} round one all ups trips log=$RUNG_RUN/bench/log
	history "$RUNG_RUN/g" "$count"
	history "$RUNG_RUN/g1" 1
	rm -f "$RUNG_RUN"/g.*
	rung_test "$RUNG_RUN/g1" >/dev/null # what initdb makes is kept from here on
	for ((round = 0; round < ROUNDS; round++)); do
		took rung_test "$RUNG_RUN/g1" >>"$RUNG_RUN/g.one"
		fresh bench
		took psql_files "$RUNG_RUN/g" >>"$RUNG_RUN/g.psql"
		took rung_test "$RUNG_RUN/g" >>"$RUNG_RUN/g.all"
	done
	one=$(median <"$RUNG_RUN/g.one") all=$(median <"$RUNG_RUN/g.all") ups=$(median <"$RUNG_RUN/g.psql")
	say "g: test of one migration, its server included" "$((one / 1000)) ms"
	say "g: a migration of $count, beyond four times psql's (at most 80)" \
		"$(((all - one - 4 * ups) / count / 1000)) ms  ($((all / 1000)) ms in all; psql, up once: $((ups / 1000)) ms, ratio $(ratio "$all" "$ups"))"
	say "g: peak memory (at most 102,400)" "$(peak_kb "$RUNG_RUN/g" env -u DATABASE_URL "$RUNG" test) kB"
	fresh bench
	line_start 0
	: >"$log"
	PGOPTIONS='-c log_statement=all' rung_test "$RUNG_RUN/g" --server "postgresql://postgres@/postgres?host=$RUNG_RUN/line" >/dev/null
	trips=$(line_stop)
	say "g: round trips, connections, catalogs read a migration" \
		"$(ratio "$trips" "$count"), $(ratio "$(sed -n 's/^connections[ =:]*//p' "$RUNG_RUN/line/stats")" "$count"), $(ratio "$(grep -c 'rung_catalog_0' "$log")" "$count")"
	say "g: databases made for all of them" "$(grep -c 'CREATE DATABASE' "$log")"
}

server_new bench fsync=on max_wal_size=4GB shared_buffers=128MB autovacuum=off
benches=("$@")
if [ ${#benches[@]} -eq 0 ]; then benches=(a b c d e f g); fi
say "rung $("$RUNG" version | head -n 1 | cut -d' ' -f2), $(psql --version), $(nproc) cores" "median of $ROUNDS rounds"
for bench in "${benches[@]}"; do "bench_$bench"; done
