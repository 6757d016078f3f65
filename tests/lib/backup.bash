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

# Which of two backups of one second is the newer their ids do not say.
next_second() {
	local second
	second=$(date +%s)
	wait_until 3 second_is_over "$second"
}
second_is_over() { [ "$(date +%s)" -gt "$1" ]; }

# By time, and within a second by their place in the chain.
newest_backup() {
	"$RUNG" list-backups --json 2>/dev/null |
		jq -rs 'map(select(.type == "backup")) | sort_by(.id[0:16], (.sequence | tonumber)) | last.id'
}
backup_count() { find "$STORE" -name '*.json' 2>/dev/null | wc -l; }
object_of() { find "$STORE" -name "$1.dump.zst*"; }
manifest_of() { find "$STORE" -name "$1.json"; }

# Rows of every table but the log, which grows, in the database of that URL.
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
# file "paused" and continues when there is a file "resume". Prints its folder.
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
		comment on schema "Odd ""Name""" is E'two\nlines';
		create type mood as enum ('sad', 'so-so', 'happy');
		create type pair as (a int, b text);
		create type span as range (subtype = int);
		create domain positive as int constraint above_zero check (value > 0);
		create collation plain (locale = 'C');
		create table parts (id bigint generated always as identity (start 7 increment 3), made date not null, amount positive,
			twice int generated always as (amount * 2) stored, mood mood default 'so-so') partition by range (made);
		create table parts_2025 partition of parts for values from ('2025-01-01') to ('2026-01-01');
		create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01') partition by list (mood);
		create table parts_2026_rest partition of parts_2026 default;
		create index parts_made on parts (made);
		insert into parts (made, amount) select date '2025-06-01' + g, g from generate_series(1, 400) g;
		create table "Odd ""Name"""."T able" ("sp ace" text primary key, "ümlaut" text collate plain, "select" pair, reach span);
		insert into "Odd ""Name"""."T able" select g::text, repeat('x', g), row(g, 'it''s')::pair, span(g, g + 2) from generate_series(1, 50) g;
		comment on table "Odd ""Name"""."T able" is 'it''s odd';
		comment on column "Odd ""Name"""."T able"."ümlaut" is '„quoted“';
		create table "数据" ("naïve" text, kind text check (kind in ('a', 'b')), at timestamp(3) default now());
		insert into "数据" values ('日本', 'a');
		alter table "数据" add column gone int, add column stays int default 3;
		alter table "数据" drop column gone;
		create table parent (id int primary key, note text);
		create table child (extra int) inherits (parent);
		alter table parent add column late int;
		insert into parent values (1, 'a'), (2, 'b');
		insert into child (id, note, extra, late) values (3, 'c', 1, 1);
		create index parent_trgm on parent using gin (note gin_trgm_ops) where id > 0;
		create index parent_upper on parent (upper(note), (id + 1) desc);
		create statistics parent_stats on id, note from parent;
		create table refers (id serial primary key, parent int references parent on delete cascade deferrable,
			part int, exclude using gist (int4range(id, part) with &&));
		alter table refers add constraint later check (part > 0) not valid;
		alter table refers alter column part set statistics 200;
		create unlogged table fleeting (id int) with (fillfactor = 70);
		create materialized view sums as select mood, sum(amount) from parts group by mood;
		create unique index on sums (mood);
		create view happy with (security_barrier) as select * from parts where mood = 'happy';
		create rule quiet as on delete to happy do instead nothing;
		create function touch() returns trigger language plpgsql as $$ begin new.note := upper(new.note); return new; end $$;
		create function "Add"(a int, b int default 2) returns int language sql immutable set work_mem = '5MB' as 'select a + b';
		create procedure nothing() language sql as '';
		create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
		create operator === (leftarg = int, rightarg = int, function = int4eq);
		create cast (mood as int) with inout;
		create trigger touch before update on parent for each row execute function touch();
		alter table parent disable trigger touch;
		create trigger touched after insert on parts for each row when (new.amount > 3) execute function touch();
		create function watch() returns event_trigger language plpgsql as $$ begin end $$;
		create event trigger watching on ddl_command_end when tag in ('CREATE TABLE') execute function watch();
		alter table parent enable row level security;
		alter table parent force row level security;
		create policy readers on parent for select using (id > 0);
		create policy "the writers" on parent as restrictive to pg_monitor with check (note <> 'x');
		grant select (id), update (note) on parent to pg_monitor with grant option;
		grant usage on schema "Odd ""Name""" to public;
		revoke execute on function "Add"(int, int) from public;
		alter default privileges in schema public grant select on tables to pg_monitor;
		create publication news for table parent;
		create text search configuration words (copy = simple);
		select lo_from_bytea(0, '\x00ff10'::bytea), lo_from_bytea(0, 'second'::bytea);
		create sequence counter start 42 maxvalue 4242 cycle;
		select nextval('counter'), nextval('counter');
	SQL
}

# What is said of a database beside its schema: everything ALTER DATABASE, COMMENT and GRANT may set.
database_settings() {
	sql "select pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.datconnlimit, d.datallowconn, t.spcname,
			pg_get_userbyid(d.datdba), array(select a::text from unnest(d.datacl) a order by 1), shobj_description(d.oid, 'pg_database'),
			array(select s.setrole::regrole || ':' || c.entry from pg_db_role_setting s, unnest(s.setconfig) c(entry)
				where s.setdatabase = d.oid order by 1)
		from pg_database d join pg_tablespace t on t.oid = d.dattablespace where d.datname = '${1:-$TEST_DATABASE}'"
}

# The value of every sequence.
sequence_positions() {
	psql -XAtq -d "${1:-$DATABASE_URL}" -c "select schemaname, sequencename, last_value from pg_sequences order by 1, 2"
}
