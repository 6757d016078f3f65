# [create] desired, desired_command: what migrations are to lead to is said once, in rung.ini.

load ../lib/rung

setup() {
	rung_setup
	SERVER=$(server_url main postgres)
	migration 01_items <<<'create table items (id int primary key, note text);'
	rollback_of 01_items <<<'drop table items;'
}

# creates NAME ARGS… - the next migration, and what it holds.
creates() {
	run_rung create "$@" --server "$SERVER"
	assert_status 0
	cat schema/*_"$1".sql
}

@test "the pair is written from what rung.ini wants" {
	mkdir -p 'wanted schema/sub' below
	printf '[create]\ndesired = wanted schema\n' >rung.ini
	echo 'create table items (id int primary key, note text, price numeric);' >'wanted schema/sub/items.sql'
	cd below
	run_rung create price --server "$SERVER"
	assert_status 0
	cd ..
	assert_equal "$(grep -c 'ADD COLUMN price numeric' schema/02_price.sql)" 1
	assert_equal "$(grep -c 'DROP COLUMN price' rollback/rollback_02_price.sql)" 1
	run_rung upgrade
	assert_status 0
	run_rung create again --server "$SERVER"
	assert_status 0
	assert_output_contains "nothing to write: the migrations make desired already"
	assert_equal "$(ls schema)" $'01_items.sql\n02_price.sql'
	run_rung diff live desired --server "$SERVER" --exit-code
	assert_status 0
	# The configured database is one that has it already.
	printf '[create]\ndesired = live\n' >rung.ini
	sql "alter table items add by_hand int"
	run_rung create by_hand --server "$SERVER"
	assert_status 0
	advised 'rung stamp head'
	run_rung status
	assert_output_contains "Pending   0"
	rm schema/03* rollback/*03*
	printf '[create]\ndesired = wanted schema\n' >rung.ini
	# What is typed goes before; without a schema there is an empty pair.
	run_rung create none --from schema --server "$SERVER"
	assert_output_contains "nothing to write"
	run_rung create by_hand --empty
	assert_status 0
	run_rung create by_hand_too --manual
	assert_status 0
	assert_errors_contain "Next: write SQL into both files"
	assert_equal "$(ls schema)" $'01_items.sql\n02_price.sql\n03_by_hand.sql\n04_by_hand_too.sql'
	rm schema/0[34]* rollback/*0[34]*
	assert_refused 2 create x --empty --from schema
	run_rung config
	assert_output_matches "create.desired +wanted schema +rung.ini:2"
	# Some of it only.
	echo 'create table secret (a int); create table other_1 (a int);' >'wanted schema/more.sql'
	printf 'exclude = other_*\n' >>rung.ini
	run_rung create none --exclude public.secret --server "$SERVER"
	assert_output_contains "nothing to write"
	creates other --create-exclude secret >.made
	assert_equal "$(grep -c 'CREATE TABLE' .made)" 1
}

@test "what cannot be wanted is refused, and says where it stands" {
	printf '[create]\ndesired = nowhere\n' >rung.ini
	assert_refused 2 create x
	assert_errors_contain 'there is no file or directory "nowhere"'
	assert_errors_contain "rung.ini:2"
	printf '[create]\ndesired = desired\n' >rung.ini
	assert_refused 2 create x
	assert_errors_contain 'there is no file or directory "desired"'
	mkdir wanted
	echo 'create table items (id int primary key);' >wanted/all.sql
	printf '[create]\ndesired = wanted\n' >rung.ini
	chmod 777 wanted
	assert_refused 2 create x
	assert_errors_contain "wanted"
	assert_errors_contain "can be written by everybody"
	chmod 755 wanted
	echo '\ir /etc/passwd' >wanted/all.sql
	assert_refused 2 create x --server "$SERVER"
	assert_errors_contain "/etc/passwd"
	rm rung.ini
	run_rung create x --desired 'postgresql://u:hidden@127.0.0.1:1/d' --connect-timeout 1s
	assert_status 4
	refute_errors_contain hidden
}

# --- a command ------------------------------------------------------------------------

# by COMMAND - it is the one of rung.ini.
by() { printf '[create]\ndesired_command = %s\n' "$1" >rung.ini; }

@test "a command makes the schema that is wanted" {
	mkdir below
	cat >'make it.sh' <<-'SH'
		psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -c 'create table items (id int primary key, note text, tag text)'
		psql -XAtq -v ON_ERROR_STOP=1 -c 'create table alembic_version (a int)' -c 'create table "SequelizeMeta" (a int)'
		test "$DIRECT_URL" = "$DATABASE_URL"
		echo "$RUNG_COMMAND ${PGSERVICE-none} ${PGHOSTADDR-none} $(psql -XAtqc 'select count(*) from pg_extension')" >said
	SH
	by "sh -e 'make it.sh'"
	migration 02_more <<<'create extension pgcrypto;'
	rollback_of 02_more <<<'drop extension pgcrypto;'
	cd below
	printf '[other]\nconnect_timeout=9\n' >services
	PGSERVICEFILE=$PWD/services PGSERVICE=other run_rung create tag
	assert_status 0
	assert_errors_contain "left out, because another tool keeps its history there: table public.alembic_version"
	assert_errors_contain 'table public."SequelizeMeta"'
	cd ..
	assert_equal "$(cat said)" "create none none 2"
	assert_equal "$(grep -v '^--' schema/03_tag.sql | grep .)" "ALTER TABLE public.items ADD COLUMN tag text;"
	run_rung create again --server "$SERVER"
	assert_output_contains "nothing to write"
	run_rung diff schema desired --exit-code --server "$SERVER"
	assert_status 0
	run_rung diff empty "command:sh -e 'make it.sh'" --server "$SERVER"
	assert_status 0
	assert_output_contains "tag text"
	refute_output_contains "alembic_version"
	assert_equal "$(sql "select count(*) from pg_class where relname = 'items'")" 0
}

@test "the variables that a project reads its database from lead to the empty one" {
	local line
	cat >app.sh <<-'SH'
		env | grep -E '^(APP_|DATABASE_URL|DIRECT_URL)' | sort >seen
		psql -XAtqc 'create table items (id int primary key, note text)'
	SH
	by 'sh app.sh'
	printf '[database]\nurl_env = APP_URL\n' >>rung.ini
	APP_URL=postgresql+asyncpg://u:hidden@192.0.2.1/other DIRECT_URL=postgres://u:hidden@192.0.2.1/x run_rung create none --server "$SERVER" --connect-timeout 1s
	assert_status 0
	assert_output_contains "nothing to write"
	assert_equal "$(wc -l <seen)" 3
	while read -r line; do
		[[ ${line#*=} == postgresql+asyncpg://postgres@/rung_scratch_* ]] || fail "this leads elsewhere: $line"
	done <seen
	by 'sh app.sh'
	printf '[database]\nenv_prefix = APP\n' >>rung.ini
	APP_HOST=192.0.2.1 APP_NAME=other APP_USER=u APP_PASSWORD=hidden APP_SSLMODE=require \
		run_rung create none --server "$SERVER" --connect-timeout 1s
	assert_status 0
	! grep -E '192.0.2.1|other|hidden|SSLMODE' seen
	grep -q '^APP_NAME=rung_scratch_' seen
}

@test "a command that fails is told, without secrets" {
	local url
	url=${SERVER/postgres@/postgres:s3cr3t@}
	by 'echo first; echo "no $PGPASSWORD at $DATABASE_URL" >&2; exit 7'
	run_rung create x --server "$url"
	assert_status 5
	assert_errors_contain "failed with exit code 7"
	assert_errors_contain "DETAIL: first"
	assert_errors_contain "no *** at postgresql://postgres:***@/"
	refute_errors_contain s3cr3t
	by 'seq 100; exit 1'
	run_rung create x --server "$SERVER"
	assert_errors_contain "DETAIL: 81"
	refute_errors_contain $' 80\n'
	by 'head -c 50000000 /dev/zero | tr "\\0" "x"; for i in 1 2 3 4 5 6 7 8 9 10; do printf "\\n%0300d" "$i"; done; exit 1'
	run_rung create x --server "$SERVER"
	assert_errors_match '0000010[[:space:]]'
	[ "${#errors}" -lt 4000 ] || fail "it printed too much"
	by 'no-such-program --at-all'
	run_rung create x --server "$SERVER"
	assert_status 5
	assert_errors_contain "no-such-program"
	by 'true'
	run_rung create x --server "$SERVER"
	assert_status 5
	assert_errors_contain "but created nothing in its database"
	by 'true'
	printf 'desired = schema\n' >>rung.ini
	assert_refused 2 create x
	assert_errors_contain "cannot be set together"
	assert_equal "$(ls schema)" 01_items.sql
	assert_sql "select count(*) from pg_database where datname like 'rung_scratch%' and datname not in
		(select datname from pg_stat_activity where datname is not null)" 0
}

# gone FILE - the processes whose numbers stand there have ended.
gone() {
	local pid
	for pid in $(cat "$1"); do
		if kill -0 "$pid" 2>/dev/null; then return 1; fi
	done
}

@test "what a command leaves running is stopped, and Ctrl-C stops all of it" {
	# One keeps the output open, one has left the group, one is in the database.
	cat >busy.sh <<-'SH'
		psql -XAtqc 'create table items (id int primary key, note text)'
		sleep 600 & echo $! >>left
		sleep 600 >/dev/null 2>&1 & echo $! >>left
		psql -XAtqc 'select pg_sleep(600)' >/dev/null 2>&1 & echo $! >>left
		setsid sleep 20 &
	SH
	by 'sh busy.sh'
	SECONDS=0
	run_rung create x --server "$SERVER"
	assert_status 0
	[ "$SECONDS" -lt 19 ] || fail "it was waited for"
	wait_until 5 gone left
	# Not even one that does not listen stays.
	cat >deaf.sh <<-'SH'
		trap '' TERM
		sleep 600 &
		echo $$ $! >begun
		wait
	SH
	by 'sh deaf.sh'
	start_rung create x --server "$SERVER"
	wait_until 10 test -s begun
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	wait_until 5 gone begun
	assert_equal "$(ls schema)" 01_items.sql
}

@test "what models do not know stays, unless they know one of the kind" {
	migration 02_rest <<-'SQL'
		create schema tools;
		create function tools.f() returns trigger language plpgsql as $$ begin return new; end $$;
		create trigger items_f before insert on items for each row execute function tools.f();
		create view notes as select note from items;
		alter table items enable row level security;
		create policy own on items using (note <> '');
		alter table items add constraint items_check check (id > 0);
		grant select on items to public;
		comment on column items.note is 'words';
	SQL
	rollback_of 02_rest <<-'SQL'
		drop view notes; drop policy own on items; drop trigger items_f on items; drop function tools.f(); drop schema tools;
		alter table items disable row level security, drop constraint items_check; revoke select on items from public;
		comment on column items.note is null;
	SQL
	by "psql -XAtq -c 'create table items (id bigint primary key, note text, tag text)'"
	run_rung create tag --server "$SERVER"
	assert_status 0
	assert_errors_contain "stays as it is, because the command creates no object of its kind: function (1), view (1), trigger (1), policy (1), check constraint (1), grants (1), comment (1), row-level security (1)"
	assert_equal "$(grep -v '^--' schema/03_tag.sql | grep .)" "ALTER TABLE public.items ALTER COLUMN id TYPE bigint;
ALTER TABLE public.items ADD COLUMN tag text;"
	run_rung diff desired schema --exit-code --server "$SERVER"
	assert_status 0
	# The view is not possible any more, and policies are known.
	by "psql -XAtq -c 'create table items (id bigint primary key, tag text); create policy more on items using (true)'"
	run_rung create less --allow data-loss --server "$SERVER"
	assert_status 0
	assert_errors_contain "dropped, because it does not fit the schema that the command creates: CREATE VIEW public.notes"
	grep -q 'DROP VIEW public.notes' schema/04_less.sql
	grep -q 'DROP POLICY own' schema/04_less.sql
	! grep -E 'FUNCTION|TRIGGER|items_check' schema/04_less.sql
	run_rung upgrade
	assert_status 0
	run_rung downgrade 02 --force
	assert_status 0
}

# --- what may have been renamed ---------------------------------------------------------

# wants SQL - that is the schema of rung.ini.
wants() {
	mkdir -p wanted
	cat >wanted/all.sql
	printf '[create]\ndesired = wanted\n' >rung.ini
}

@test "what may have been renamed is asked on a terminal, and named elsewhere" {
	migration 02_more <<<'create table "Old One" (a int, b text); create table twins (a int, b int);'
	rollback_of 02_more <<<'drop table "Old One", twins;'
	wants <<<'create table items (id int primary key, remark text); create table new_one (a int, b text); create table twins (c int, d int);'
	run_rung create names --server "$SERVER"
	assert_status 3
	assert_errors_contain "column public.items.note is gone, and remark is new and has the same definition. If it was renamed, add --rename column:public.items.note=remark"
	assert_errors_contain "add --rename 'table:public.\"Old One\"=new_one'"
	refute_errors_contain "twins.a is gone"
	run_rung create names --rename 'column:public.items.note=remark,table:public."Old One"=new_one' --allow data-loss --server "$SERVER"
	assert_status 0
	refute_errors_contain "is gone"
	refute_errors_contain "warning: --rename"
	assert_equal "$(grep -v '^--' schema/03_names.sql | grep . | head -n 2)" 'ALTER TABLE public.items RENAME COLUMN note TO remark;
ALTER TABLE public."Old One" RENAME TO new_one;'
	rm schema/03* rollback/*03*
	run_rung diff schema desired --server "$SERVER" --json
	assert_output_contains "column:public.items.note=remark"
	need_terminal
	wants <<<'create table items (id int primary key, remark text); create table "Old One" (a int, b text); create table twins (a int, b int);'
	on_terminal $'n\n' create names --server "'$SERVER'"
	contains "$output" "Was column public.items.note renamed to remark?" || fail "not asked: $output"
	assert_status 3
	on_terminal $'y\n' create names --server "'$SERVER'"
	assert_status 0
	grep -q 'RENAME COLUMN note TO remark' schema/03_names.sql
}
