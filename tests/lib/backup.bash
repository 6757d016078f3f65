# shellcheck shell=bash
# backup.bash - keys, a store and a schema with a bit of everything, for the cases of backups

# A store in the project, a pair of keys each, and all of it known to the program.
backup_setup() {
	STORE=$PROJECT/store
	IDENTITY=$PROJECT/backup-identity.key
	"$RUNG" keygen --json >"$PROJECT/keys.json" 2>/dev/null
	RECIPIENT=$(sed -n 's/^# public key: //p' "$IDENTITY")
	export RUNG_BACKUP_STORE=$STORE RUNG_BACKUP_RECIPIENTS=$RECIPIENT RUNG_BACKUP_IDENTITY_FILE=$IDENTITY
	export RUNG_BACKUP_SIGN_KEY=$PROJECT/backup-signing.key
	RUNG_BACKUP_TRUSTED_KEYS=$(jq -r 'select(.type == "key" and .kind == "signing").public_key' "$PROJECT/keys.json")
	export RUNG_BACKUP_TRUSTED_KEYS
}

backup_teardown() {
	local statement
	sql "select format('drop database %I with (force)', datname) from pg_database
		where datname like '$TEST_DATABASE\\_%'" 2>/dev/null | while read -r statement; do sql "$statement" || true; done
}

# The name of a database to restore into, dropped after the test.
fresh_database() {
	FRESH=${TEST_DATABASE}_fresh
	# shellcheck disable=SC2034 # the cases use it
	FRESH_URL=$(url_of_database "$DATABASE_URL" "$FRESH")
}

newest_backup() { "$RUNG" list-backups --json 2>/dev/null | jq -rs 'map(select(.type == "backup")) | last.id'; }
backup_count() { find "$STORE" -name '*.json' 2>/dev/null | wc -l; }
object_of() { find "$STORE" -name "$1.dump.zst*"; }
manifest_of() { find "$STORE" -name "$1.json"; }

# Rows of every table but the log, which goes on, in the database of that URL.
row_counts() {
	psql -XAtq -d "${1:-$DATABASE_URL}" <<-'SQL'
		select format('select %L, count(*) from %s', c.oid::regclass, c.oid::regclass)
		  from pg_class c join pg_namespace n on n.oid = c.relnamespace
		 where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^(pg_|information_schema)' and c.relname !~ '_log$'
		 order by c.oid::regclass::text
		\gexec
	SQL
}

# A pg_dump that stops after so many bytes ("all": before its end), says so with the
# file "paused" and goes on when there is a file "resume". Prints its folder.
pausing_pg_dump() {
	local bin=$PROJECT/bin real
	real=$(server_bindir)
	mkdir -p "$bin"
	ln -sf "$real/pg_restore" "$bin/pg_restore"
	cat >"$bin/pg_dump" <<-EOF
		#!/bin/bash
		set -o pipefail
		case \$1 in --version) exec "$real/pg_dump" --version ;; esac
		wait_here() { : >"$PROJECT/paused"; until [ -e "$PROJECT/resume" ] || [ ! -d "$PROJECT" ]; do sleep 0.05; done; }
		"$real/pg_dump" "\$@" | if [ "$1" = all ]; then cat; wait_here; else head -c "$1"; wait_here; cat; fi
	EOF
	chmod 755 "$bin/pg_dump"
	rm -f "$PROJECT/paused" "$PROJECT/resume"
	echo "$bin"
}

# A bit of everything that a dump must bring back.
schema_zoo() {
	sql <<-'SQL'
		create extension if not exists pg_trgm;
		create schema "Odd ""Name""";
		create type mood as enum ('sad', 'so-so', 'happy');
		create domain positive as int check (value > 0);
		create table parts (id bigint generated always as identity, made date not null, amount positive,
			twice int generated always as (amount * 2) stored, mood mood default 'so-so') partition by range (made);
		create table parts_2025 partition of parts for values from ('2025-01-01') to ('2026-01-01');
		create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
		insert into parts (made, amount) select date '2025-06-01' + g, g from generate_series(1, 400) g;
		create table "Odd ""Name"""."T able" ("sp ace" text primary key, "ümlaut" text);
		insert into "Odd ""Name"""."T able" select g::text, repeat('x', g) from generate_series(1, 50) g;
		comment on table "Odd ""Name"""."T able" is 'it''s odd';
		create table parent (id int primary key, note text);
		create table child (extra int) inherits (parent);
		insert into parent values (1, 'a'), (2, 'b');
		insert into child values (3, 'c', 1);
		create index parent_trgm on parent using gin (note gin_trgm_ops);
		create materialized view sums as select mood, sum(amount) from parts group by mood;
		create view happy as select * from parts where mood = 'happy';
		create function touch() returns trigger language plpgsql as $$ begin new.note := upper(new.note); return new; end $$;
		create trigger touch before update on parent for each row execute function touch();
		alter table parent enable row level security;
		create policy readers on parent for select using (id > 0);
		select lo_from_bytea(0, '\x00ff10'::bytea), lo_from_bytea(0, 'second'::bytea);
		create sequence counter start 42;
		select nextval('counter'), nextval('counter');
	SQL
}
