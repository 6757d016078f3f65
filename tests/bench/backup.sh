#!/usr/bin/env bash
# backup.sh - what backups cost, as ratios measured in one run
#
#	tests/bench/backup.sh
#
# RUNG is the program; RUNG_BENCH_MB how large the database is, roughly (1000);
# RUNG_BENCH_ROUNDS how many rounds there are (3); RUNG_BENCH_DIR where all
# of it is kept. Figures are medians; each line ends with what it should be at
# most, or at least. Nothing here fails a build: a busy machine is not a bug.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/server.bash
source "$here/../lib/server.bash"

RUNG=${RUNG:-$(cd "$here/../.." && pwd)/build/rung}
PROGRAMS=${RUNG_TEST_PROGRAMS:-$(dirname "$RUNG")/tests}
ROUNDS=${RUNG_BENCH_ROUNDS:-3}
MB=${RUNG_BENCH_MB:-1000}
RUNG_RUN=$(mktemp -d "${RUNG_BENCH_DIR:-${TMPDIR:-/tmp}}/rung-bench.XXXXXX")
export TMPDIR=$RUNG_RUN
mkdir "$RUNG_RUN/pids"
chmod 711 "$RUNG_RUN"
trap 'servers_stop_all; rm -rf "$RUNG_RUN"' EXIT
trap 'exit 130' INT TERM

say() { printf '%-58s %8s   %s\n' "$1" "$2" "$3"; }
now_us() { echo $((${EPOCHREALTIME/[.,]/})); }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# measure NAME COMMAND… - adds the microseconds it takes to the file NAME.
measure() {
	local began name=$1
	shift
	began=$(now_us)
	"$@" >/dev/null 2>"$RUNG_RUN/errors" || { cat "$RUNG_RUN/errors" >&2 && return 1; }
	echo $(($(now_us) - began)) >>"$RUNG_RUN/took.$name"
}
took() { median <"$RUNG_RUN/took.$1"; }

# Two tables as applications have them: a key, two indexes and a reference to build again in a restore.
fill() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "$1" <<-SQL
		create table customers (id int primary key, name text not null, mail text not null);
		insert into customers select g, 'customer ' || g, md5(g::text) || '@example.org' from generate_series(0, 99999) g;
		create table orders (id bigint, customer int, made timestamptz, note text, amount numeric);
		insert into orders select g, (g::bigint * 7919) % 100000, now() - g * interval '1 s',
			md5(g::text) || ' ' || md5((g % 1000)::text) || ' a note that many rows have in common', (g % 99999) / 100.0
			from generate_series(1, $2 * 4200) g;
		alter table orders add primary key (id), add foreign key (customer) references customers;
		create index idx_orders_customer on orders (customer, made);
		create index idx_orders_made on orders (made);
		analyze;
	SQL
}

three_processes() { pg_dump -Fc -Z0 -d "$url" | zstd -q -3 | age -r "$recipient" >"$RUNG_RUN/three.age"; }
plain_dump() { pg_dump -Fc -d "$url" -f "$RUNG_RUN/plain.dump"; }
backup() { "$RUNG" backup --database-url "$url"; }
fresh() { psql -XAtq -d "$(server_url main)" -c "drop database if exists fresh" -c "create database fresh template template0"; }
plain_restore() { pg_restore -1 -d "$(server_url main fresh)" "$RUNG_RUN/plain.dump"; }
# The stream alone, and what our verbs do: prove all of it, then stream it.
streamed_restore() { "$RUNG" backup-cat --raw "$(object)" | zstd -dc | pg_restore -1 -d "$(server_url main fresh)"; }
proven_restore() { "$RUNG" backup-cat "$id" --database-url "$url" | pg_restore -1 -d "$(server_url main fresh)"; }
object() { find store -name "$id.dump.zst.age"; }
peak_kb() { "$here/peak.sh" "$@" 2>/dev/null; }

# An object store in memory that takes so many bytes a second; its pid is where servers_stop_all looks.
stub_start() {
	rm -f "$RUNG_RUN/port"
	"$PROGRAMS/store_stub" --log "$RUNG_RUN/requests" --port-file "$RUNG_RUN/port" --rate "$1" &
	stub_pid=$!
	echo "$stub_pid" >"$RUNG_RUN/pids/stub"
	until [ -s "$RUNG_RUN/port" ]; do sleep 0.01; done
	AWS_ENDPOINT_URL=http://127.0.0.1:$(cat "$RUNG_RUN/port")
	export AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID=bench AWS_SECRET_ACCESS_KEY=bench
}

stub_stop() {
	kill "$stub_pid" && wait "$stub_pid" || true
	rm -f "$RUNG_RUN/pids/stub"
}

to_stub() { "$RUNG" backup --backup-store s3://bench/backups --database-url "$1"; }
upload() { "$PROGRAMS/storetool" s3://bench/serial put "$1" <"$object"; }

server_new main
psql -XAtq -d "$(server_url main)" -c 'create database bench' -c 'create database small' \
	-c 'create database parts'
url=$(server_url main bench)
cd "$RUNG_RUN"
"$RUNG" keygen >/dev/null 2>&1
recipient=$(sed -n 's/^# public key: //p' backup-identity.key)
export RUNG_BACKUP_STORE=$RUNG_RUN/store RUNG_BACKUP_RECIPIENTS=$recipient
export RUNG_BACKUP_IDENTITY_FILE=$RUNG_RUN/backup-identity.key RUNG_BACKUP_SIGN_KEY=$RUNG_RUN/backup-signing.key
RUNG_BACKUP_TRUSTED_KEYS=$(sed -n 2p backup-signing.pub 2>/dev/null || true)
if [ -z "$RUNG_BACKUP_TRUSTED_KEYS" ]; then
	rm backup-signing.key
	RUNG_BACKUP_TRUSTED_KEYS=$("$RUNG" keygen --sign-key backup-signing.key --json 2>/dev/null | jq -r 'select(.public_key).public_key')
fi
export RUNG_BACKUP_TRUSTED_KEYS
fill "$url" "$MB"
SMALL_MB=$((MB / 10))
fill "$(server_url main small)" "$SMALL_MB"
# Its object fills both parts that are in memory; a smaller one's needs less of them.
PARTS_MB=$((MB / 2 > 400 ? MB / 2 : 400))
fill "$(server_url main parts)" "$PARTS_MB"

for ((round = 0; round < ROUNDS; round++)); do
	rm -rf store
	measure plain plain_dump
	measure three three_processes
	measure backup backup
	id=$("$RUNG" list-backups --json --database-url "$url" 2>/dev/null | jq -r 'select(.type == "backup").id' | tail -n 1)
	measure decrypt "$RUNG" verify-backup "$id" --decrypt --database-url "$url"
	fresh
	measure restore streamed_restore
	fresh
	measure proven_restore proven_restore
	fresh
	measure plain_restore plain_restore
	# As large as the archive: so starting the programs counts little.
	pg_dump -Fc -Z0 -d "$url" | age -r "$recipient" -o big.age
	measure age_decrypt age -d -i backup-identity.key -o /dev/null big.age
	measure our_decrypt "$RUNG" backup-cat --raw ./big.age
	rm -f big.age
done
object=$(object)

# A sink as fast as the source: an upload after the backup takes as long again, one that overlaps does not.
rate=$(($(stat -c %s "$object") * 1000000 / $(took backup)))
for ((round = 0; round < ROUNDS; round++)); do
	stub_start "$rate"
	measure overlapped to_stub "$url"
	measure upload upload "object-$round"
	stub_stop
done
peak_to_stub() {
	stub_start 0
	peak_kb "$RUNG" backup --backup-store s3://bench/backups --database-url "$(server_url main "$1")"
	stub_stop
}
big=$(peak_to_stub bench)
parts=$(peak_to_stub parts)
directory=$(peak_kb "$RUNG" backup --database-url "$url")
small=$(peak_kb "$RUNG" backup --database-url "$(server_url main small)")

say "database" "$(psql -XAtq -d "$url" -c 'select pg_size_pretty(pg_database_size(current_database()))')" ""
say "backup / pg_dump -Fc" "$(ratio "$(took backup)" "$(took plain)")" "at most 0.50"
say "backup / pg_dump -Fc -Z0 | zstd -3 | age" "$(ratio "$(took backup)" "$(took three)")" "at most 1.00"
say "size / pg_dump -Fc" "$(ratio "$(stat -c %s "$object")" "$(stat -c %s plain.dump)")" "at most 0.95"
say "decrypting, throughput / age -d" "$(ratio "$(took age_decrypt)" "$(took our_decrypt)")" "at least 1.00"
say "verify-backup --decrypt / streamed restore" "$(ratio "$(took decrypt)" "$(took restore)")" "at most 0.10"
say "streamed restore / pg_restore -1 of -Fc" "$(ratio "$(took restore)" "$(took plain_restore)")" "at most 1.05"
say "  proven first, then streamed" "$(ratio "$(took proven_restore)" "$(took plain_restore)")" ""
say "upload overlapped / after the backup, sink as fast" \
	"$(ratio "$(took overlapped)" $(($(took backup) + $(took upload))))" "at most 0.80"
say "peak memory to object storage, MiB" "$((big / 1024))" "at most 64"
say "  this database / one of $PARTS_MB MB" "$(ratio "$big" "$parts")" "at most 1.10"
say "peak memory to a directory, MiB" "$((directory / 1024))" "at most 64"
say "  this database / one of $SMALL_MB MB" "$(ratio "$directory" "$small")" "at most 1.10"
printf '\nseconds: backup %s, pg_dump -Fc %s, three processes %s, restore %s, proven %s, pg_restore %s, verify %s\n' \
	"$(ratio "$(took backup)" 1000000)" "$(ratio "$(took plain)" 1000000)" "$(ratio "$(took three)" 1000000)" \
	"$(ratio "$(took restore)" 1000000)" "$(ratio "$(took proven_restore)" 1000000)" \
	"$(ratio "$(took plain_restore)" 1000000)" "$(ratio "$(took decrypt)" 1000000)"
