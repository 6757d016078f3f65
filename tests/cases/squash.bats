# squash: old migrations replaced by one file, and every kind of database that meets it.

load ../lib/rung

setup() {
	rung_setup
	SERVER=$(server_url main postgres)
	git init -q -b main .
	git config user.name "A Person"
	git config user.email person@example.org
}

# pair NAME 'ROLLBACK' - the migration is standard input.
pair() {
	migration "$1"
	rollback_of "$1" <<<"$2"
}

four() {
	pair 01_plans 'drop table plans;' <<-'SQL'
		create table plans (id integer generated always as identity primary key, name text not null unique,
			since timestamptz not null default now(), day date default current_date, tags text[]);
		insert into plans (name, tags) values ('free', '{a,"b c"}'), ('it''s pro', null);
		create table scrap (x integer);
	SQL
	pair 02_users 'drop table users; drop function touch();' <<-'SQL'
		drop table scrap;
		create table users (id uuid primary key default gen_random_uuid(), plan integer references plans, boss text);
		create function touch() returns trigger language plpgsql as $$ begin new.boss := 'touched'; return new; end $$;
		insert into users (plan) values (2);
		create trigger touched before insert on users for each row execute function touch();
	SQL
	pair 03_index 'drop index concurrently users_boss;' <<<'create index concurrently users_boss on users (boss);'
	pair 04_later 'drop table later;' <<-'SQL'
		-- rung: requires: 02
		create table later (id serial primary key, at timestamptz default now());
	SQL
}

commit() {
	git add -A
	git commit -q -m "${1:-more}" --allow-empty
}

# A database of another name, of the same server.
another() {
	database_create "$(server_url "$TEST_SERVER")" "${TEST_DATABASE}_$1"
	server_url "$TEST_SERVER" "${TEST_DATABASE}_$1"
}

squashed() {
	run_rung squash --server "$SERVER" "$@"
	assert_status 0
}

whole() {
	run_rung check
	assert_status 0
	run_rung log --verify
	assert_status 0
}

@test "a database that has them, one that has none, one that has some, and another checkout" {
	local some new
	four
	touch schema/00_master_schema.sql
	printf '\\ir 01_plans.sql\n\\ir 02_users.sql\n\\ir 03_index.sql\n\\ir 04_later.sql\n' >schema/00_master_schema.sql
	commit
	run_rung upgrade
	some=$(another some) new=$(another new)
	DATABASE_URL=$some "$RUNG" upgrade 02 2>/dev/null
	run_rung squash --to 03 --dry-run
	assert_status 0
	assert_errors_contain "users.id is left to its default, as its values differ each time"
	assert_errors_contain "plans.since is left to its default"
	assert_errors_contain "plans.day is left to its default"
	assert_errors_contain "the schema is the same up and down, and so are 3 rows in 2 tables"
	assert_output_contains "INSERT INTO public.plans (id, name, tags) OVERRIDING SYSTEM VALUE VALUES
    ('1', 'free', '{a,\"b c\"}'),
    ('2', 'it''s pro', NULL);"
	refute_output_contains scrap
	assert_equal "$(git status --porcelain)" ""
	run_rung check --offline
	assert_status 0
	cp -r . ../old
	squashed --to 03
	assert_output_contains "3 migrations are now one: 03_squashed_from_01"
	assert_equal "$(ls schema rollback | paste -sd' ')" \
		"rollback: rollback_03_squashed_from_01.sql rollback_04_later.sql  schema: 00_master_schema.sql 03_squashed_from_01.sql 04_later.sql"
	run_rung check --offline --against HEAD
	assert_status 0
	# As a kill would have left it.
	git show HEAD:schema/03_index.sql >schema/03_index.sql
	assert_refused 2 upgrade
	assert_errors_contain "were left by a squash that was interrupted"
	advised 'rung squash'
	run_rung check --offline
	assert_status 0
	# Has them: one record, whatever writes first; what drifted stays drift.
	sql "create table by_hand (i integer)"
	run_rung status
	assert_output_matches '03_squashed_from_01  foldable'
	assert_output_contains 'Next: rung upgrade'
	run_rung check
	assert_status 3
	assert_output_contains "03_squashed_from_01: is applied as the 3 migrations that it replaces."
	run_rung upgrade --dry-run
	assert_errors_contain 'would fold the records of 3 migrations into "03_squashed_from_01"'
	assert_sql "select count(*) from schema_version" 4
	"$RUNG" upgrade --sql >script.sql
	run_rung upgrade
	assert_errors_contain 'folded the records of 3 migrations into "03_squashed_from_01"'
	assert_sql "select version, name from schema_version order by 1" $'3|03_squashed_from_01\n4|04_later'
	run_rung check
	assert_output_contains "table public.by_hand was added"
	sql "drop table by_hand"
	whole
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relname !~ '^schema_version'" 0
	run_rung upgrade
	assert_sql "select p.name, u.boss is null from users u join plans p on p.id = u.plan" "it's pro|t"
	whole
	# The script does the same, to one that still has them.
	(cd ../old && DATABASE_URL=$new "$RUNG" upgrade 2>/dev/null)
	psql -XAtq -v ON_ERROR_STOP=1 -d "$new" -f script.sql >/dev/null
	DATABASE_URL=$new whole
	# Has some: refused, and nothing is changed; the old files bring it on.
	DATABASE_URL=$some assert_refused 3 upgrade
	assert_errors_contain '"03_squashed_from_01" replaces 3 migrations, and this database has only some of them as they were: "03_index" is not applied'
	assert_equal "$(grep -c '"01_plans"' <<<"$errors")" 0
	DATABASE_URL=$some run_rung check
	assert_equal "$(grep -c unfoldable <<<"$output")" 1
	(cd ../old && DATABASE_URL=$some advised 'rung upgrade')
	DATABASE_URL=$some run_rung upgrade
	DATABASE_URL=$some whole
	# Another checkout that still has the old ones.
	cd ../old
	assert_refused 3 upgrade
	assert_errors_contain '"03_index" and those before it, from 1 on, are recorded in this database as one migration: "03_squashed_from_01"'
	run_rung check
	assert_equal "$(grep -c '\[squashed\]' <<<"$output")" 1
	run_rung status
	assert_output_contains "update the files: they were squashed"
}

@test "one that has some goes down by the rollbacks it keeps" {
	four
	commit
	run_rung upgrade 02
	squashed --to 03 --offline
	assert_refused 3 upgrade
	advised 'rung downgrade base' 2
	run_rung downgrade base --force
	assert_status 0
	run_rung upgrade
	assert_status 0
	whole
}

@test "a squash of a squash, a part, and what merges later" {
	four
	commit
	run_rung upgrade
	cp -r . ../first
	squashed --to 02 --keep kept
	assert_equal "$(ls kept | paste -sd' ')" "01_plans.sql 02_users.sql rollback_01_plans.sql rollback_02_users.sql"
	cmp kept/01_plans.sql ../first/schema/01_plans.sql
	rm -r kept
	commit
	# A part behind it, with what it requires.
	pair 05_more 'drop table more;' <<<$'-- rung: requires: 02\ncreate table more (a integer); insert into more values (1);'
	commit
	squashed --from 03 --to 05 --offline
	grep -q "requires: 2" schema/05_squashed_from_03.sql
	refute_output_contains plans
	commit
	# All of it: the first database has met neither of them.
	squashed --offline
	assert_equal "$(ls schema)" "05_squashed_from_01.sql"
	assert_equal "$(sed -n 's/^-- rung: replaces: \([^ ]*\) [0-9a-f]*/\1/p' schema/*.sql | paste -sd' ')" \
		"02_squashed_from_01 from 1 01_plans 02_users 05_squashed_from_03 from 3 03_index 04_later 05_more"
	commit
	DATABASE_URL=$(another late) run_rung upgrade
	assert_status 0
	assert_refused 3 upgrade
	assert_errors_contain '"05_more" is not applied'
	git show HEAD~2:schema/05_more.sql >../first/schema/05_more.sql
	git show HEAD~2:rollback/rollback_05_more.sql >../first/rollback/rollback_05_more.sql
	(cd ../first && "$RUNG" upgrade 2>/dev/null)
	run_rung upgrade
	assert_errors_contain 'folded the records of 5 migrations into "05_squashed_from_01"'
	whole
	# From another branch, inside of what was squashed: a new migration as any other.
	pair 04_theirs 'drop table theirs;' <<<$'-- rung: requires: 03\ncreate table theirs (a integer);'
	run_rung check
	assert_status 3
	assert_output_contains '04_theirs: is older than the newest applied, "05_squashed_from_01"'
	run_rung renumber 04_theirs
	assert_status 0
	run_rung upgrade
	assert_status 0
	whole
	assert_sql "select version from schema_version order by 1" $'5\n6'
}

@test "what one file cannot do is refused, and nothing is written" {
	local statement message
	four
	commit
	while IFS='|' read -r statement message; do
		printf '%b\n' "$statement" | pair 05_odd 'select 1;'
		commit
		run_rung squash --offline --server "$SERVER"
		[ "$status" -ne 0 ] || fail "squashed: $statement"
		assert_errors_contain "$message"
		assert_equal "$(git status --porcelain)" ""
	done <<-'END'
		-- rung: on-change: reapply\ncreate table if not exists odd (a integer);|cannot squash "05_odd": it is edited in place (on-change)
		-- rung: transaction: none\nalter system set work_mem = '5MB';|cannot squash "05_odd": it changes the server, not a schema
		select :'who';|the variable "who"
		create table odd (a uuid); insert into odd select gen_random_uuid();|the column a of the table public.odd differs each time the migrations run
		create table odd (a integer unique, b integer); create table odder (b integer unique references odd (a)); alter table odd add foreign key (b) references odder (b); insert into odd values (1); insert into odder values (1); update odd set b = 1;|rows of public.odd and of other tables refer to each other
		create table odd as select generate_series(1, 10001) a;|too many rows
		select lo_from_bytea(0, 'x');|large objects: 1
		-- rung: branch: side\ncreate table odd (a integer);|cannot squash "05_odd": it is on a branch that is not merged
	END
	rm ./*/*05_odd.sql
	# In a file that is not committed, or that was not there before.
	commit
	echo "-- edited" >>schema/02_users.sql
	run_rung squash --offline
	assert_status 2
	assert_errors_contain '"02_users.sql" is not in git as it is'
	git checkout -q .
	assert_refused 2 squash --from 04 --offline
	assert_errors_contain "there is nothing to squash: that is one migration"
	# The configured database would be left half-way.
	run_rung upgrade 03
	assert_refused 3 squash --to 04
	assert_errors_contain 'the database has only some of these migrations as they are: not "04_later"'
	# What runs last stays, and still runs.
	pair 99_last 'drop view last;' <<<$'-- rung: order: last\ncreate or replace view last as select count(*) from later;'
	commit
	advised 'rung upgrade'
	squashed
	assert_equal "$(ls schema | paste -sd' ')" "04_squashed_from_01.sql 99_last.sql"
	run_rung upgrade
	whole
}

@test "roles and settings are taken over, and each is proved on a server of its own" {
	pair 01_roles 'select 1;' <<-'SQL'
		do $$ begin if not exists (select from pg_roles where rolname = 'sq_app') then create role sq_app; end if; end $$;
		create role sq_reader in role sq_app;
	SQL
	pair 02_grant 'drop table t;' <<<'create table t (a integer); grant select on t to sq_reader; insert into t values (1);'
	commit
	squashed_alone() { run_rung squash --offline --dry-run && assert_status 0; }
	squashed_alone
	assert_output_contains "-- as in 01_roles"
	assert_output_contains "create role sq_reader in role sq_app;"
	assert_errors_contain "statements about roles and the database were taken over as they are"
}

@test "a kill at any moment, and a full disk: no file is lost, and the same command finishes it" {
	long_only
	local faults=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so kind n
	[ -e "$faults" ] || skip "faults.so is not built"
	pair 01_a 'drop table a;' <<<'create table a (i integer);'
	pair 02_b 'drop table b;' <<<'create table b (i integer); insert into b values (1);'
	printf '\\ir 01_a.sql\n\\ir 02_b.sql\n' >schema/00_master_schema.sql
	commit
	for kind in kill write; do
		for ((n = 1; ; n++)); do
			git checkout -q . && git clean -qfd
			status=0
			if [ "$kind" = kill ]; then
				RUNG_FAULT_KILL=$n LD_PRELOAD=$faults "$RUNG" squash --offline --server "$SERVER" >out 2>&1 || status=$?
			else
				RUNG_FAULT=write:$n:on LD_PRELOAD=$faults "$RUNG" squash --offline --server "$SERVER" >out 2>&1 || status=$?
			fi
			rm -f out
			[ "$status" -ne 0 ] || break
			# Either all of the old ones are there, or the new one is, whole.
			if [ ! -e schema/02_squashed_from_01.sql ]; then
				assert_equal "$(git status --porcelain schema/0[12]*.sql rollback/rollback_0[12]_[ab].sql)" ""
			else
				grep -q "INSERT INTO public.b" schema/02_squashed_from_01.sql || fail "not whole after $kind $n"
				[ ! -e schema/02_b.sql ] || assert_refused 2 upgrade
			fi
			run_rung squash --offline --server "$SERVER"
			[ "$status" -eq 0 ] || [ ! -e schema/02_b.sql ] || fail "not finished after $kind $n: $errors"
			assert_equal "$(ls schema rollback | paste -sd' ')" \
				"rollback: rollback_02_squashed_from_01.sql  schema: 00_master_schema.sql 02_squashed_from_01.sql"
			assert_equal "$(cat schema/00_master_schema.sql)" '\ir 02_squashed_from_01.sql'
			run_rung check --offline
			assert_status 0
		done
		[ "$n" -gt 3 ] || fail "nothing was interrupted by $kind"
	done
}
