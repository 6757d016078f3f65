# backup, restore and what is around them: the whole circle on a real server.

load ../lib/rung
load ../lib/backup

setup() {
	rung_setup
	backup_setup
	fresh_database
	migration 01_users <<<'create table users (id int primary key, name text);'
	rollback_of 01_users <<<'drop table users;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
}

teardown() {
	backup_teardown
	rung_teardown
}

@test "a schema with a bit of everything comes back as it was" {
	schema_zoo
	run_rung backup
	assert_status 0
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_equal "$(dump_schema "$FRESH_URL")" "$(dump_schema)"
	assert_equal "$(row_counts "$FRESH_URL")" "$(row_counts)"
	assert_equal "$(psql -XAtq -d "$FRESH_URL" -c 'select last_value from counter')" "43"
}

@test "several jobs bring back the same" {
	schema_zoo
	run_rung backup
	run_rung restore latest --into "$FRESH" --jobs 2
	assert_status 0
	assert_errors_contain "plaintext copy"
	assert_equal "$(dump_schema "$FRESH_URL")" "$(dump_schema)"
	assert_equal "$(row_counts "$FRESH_URL")" "$(row_counts)"
}

@test "what an archive does not hold comes back too: settings, comment, privileges" {
	sql "alter database \"$TEST_DATABASE\" set search_path to \"\$user\", public, pg_temp"
	sql "alter database \"$TEST_DATABASE\" set work_mem to '5MB'"
	sql "comment on database \"$TEST_DATABASE\" is 'it''s the one'"
	sql "revoke connect on database \"$TEST_DATABASE\" from public"
	run_rung backup
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_sql "select setconfig::text from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where datname = '$FRESH'" \
		'{"search_path=\"$user\", public, pg_temp",work_mem=5MB}'
	assert_sql "select shobj_description(oid, 'pg_database') from pg_database where datname = '$FRESH'" "it's the one"
	assert_sql "select has_database_privilege('pg_monitor', '$FRESH', 'connect')" f
}

@test "a database where backslashes escape in plain literals is backed up, and is found the same" {
	sql "create table checked (a text check (a::varchar(5) <> 'x'))"
	sql "alter database \"$TEST_DATABASE\" set standard_conforming_strings to off"
	run_rung backup
	assert_status 0
	run_rung restore latest --into "$FRESH"
	assert_status 0
}

@test "stock age, zstd and pg_restore open it, and minisign knows who made it" {
	schema_zoo
	run_rung backup
	id=$(newest_backup)
	database_create "$DATABASE_URL" "$FRESH"
	age -d -i "$IDENTITY" "$(object_of "$id")" | zstd -dc | pg_restore -1 -d "$FRESH_URL"
	assert_equal "$(dump_schema "$FRESH_URL")" "$(dump_schema)"
	minisign -V -P "$RUNG_BACKUP_TRUSTED_KEYS" -m "$(manifest_of "$id")" -x "$(manifest_of "$id").minisig"
	assert_equal "$(sha256sum <"$(object_of "$id")" | cut -c1-64)" "$(jq -r .object.sha256 "$(manifest_of "$id")")"
}

@test "backup-cat prints the archive, and --raw any file that age encrypted" {
	run_rung backup
	"$RUNG" backup-cat latest | pg_restore --list | grep -q 'TABLE public users'
	echo "a letter" | age -r "$RECIPIENT" >letter.age
	assert_equal "$("$RUNG" backup-cat --raw ./letter.age)" "a letter"
}

@test "a backup in a directory is read where it lies, without a copy" {
	run_rung backup
	TMPDIR=/nonexistent "$RUNG" verify-backup latest --decrypt
}

@test "under a writer that never stops the counts are those of the snapshot" {
	sql "create table busy (id bigserial, at timestamptz default clock_timestamp())"
	(while :; do echo 'insert into busy default values; insert into users select max(id) + 1 from (select 0 id union all select id from users) u;'; done |
		psql -XAtq -d "$DATABASE_URL" >/dev/null 2>&1) 3>&- 4>&- &
	writer=$!
	wait_for "(select count(*) > 50 from busy)"
	run_rung backup
	assert_status 0
	wait_for "(select count(*) > (select count(*) + 20 from users) - 20 from busy)"
	kill "$writer" 2>/dev/null || true
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query like 'insert into%' and datname = current_database()" >/dev/null
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_output_contains "Tables compared"
	run_rung verify-backup latest --decrypt
	assert_status 0
}

@test "a drill finds the same where the database quotes every name" {
	sql "create view named as select id, name from users where name is not null"
	sql "alter database \"$TEST_DATABASE\" set quote_all_identifiers to on"
	run_rung backup
	run_rung verify-backup latest --drill
	assert_status 0
}

@test "a drill restores on a server of its own and says how long that takes" {
	schema_zoo
	run_rung backup
	run_rung verify-backup latest --drill
	assert_status 0
	assert_output_contains "restoring took"
	assert_sql "select count(*) from pg_database where datname = 'rung_drill'" 0
}

@test "an upgrade backs up first and records which backup that was" {
	migration 02_orders <<<'create table orders (id int);'
	run_rung upgrade
	assert_status 0
	assert_errors_contain "rows written from now on are not in the backup"
	id=$(newest_backup)
	assert_sql "select backup from schema_version order by version" "
$id"
	assert_equal "$(jq -r '.kind, .migrations.head, .migrations.pending' "$(manifest_of "$id")" | tr '\n' ' ')" "pre-migration 1 1 "
	run_rung upgrade
	assert_equal "$(backup_count)" 1
	assert_refused 2 restore --before 3 --into "$FRESH"
	assert_errors_contain "migration 3 was never applied to this database"
	assert_refused 2 restore --before two --into "$FRESH"
	assert_errors_contain "requires the number of a migration"
	run_rung restore --before 2 --into "$FRESH"
	assert_status 0
	assert_equal "$(psql -XAtq -d "$FRESH_URL" -c "select to_regclass('orders') is null, count(*) from schema_version")" "t|1"
}

@test "a later failure says how to get back, and a downgrade backs up too" {
	migration 02_orders <<<'create table orders (id int); select 1/0;'
	run_rung upgrade
	assert_status 1
	assert_errors_contain "rung restore $(newest_backup) --into ${TEST_DATABASE}_restored"
	run_rung downgrade --force
	assert_status 0
	assert_equal "$(backup_count)" 2
}

# The command that the last error printed, on a line of its own.
way_back() { grep -E '^ *rung restore ' <<<"$errors"; }

# What half_done makes stop after its first statement continues when there is a table "missing".
half_done() {
	migration "$1" <<<$'-- rung: transaction: none\ncreate table begun (id int);\ninsert into missing values (1);\nselect 1/0;'
}

@test "what finishes a half-done migration keeps the backup from before it" {
	half_done 02_plain
	run_rung upgrade
	assert_status 6
	first=$(newest_backup)
	next_second
	sql "create table missing (id int)"
	run_rung resume
	assert_status 6
	assert_equal "$(backup_count)" 2
	assert_equal "$(jq -r '.migrations | .applied, .head, .name, .half_done' "$(manifest_of "$(newest_backup)")" | tr '\n' ' ')" "1 1 01_users 2 "
	[[ $(way_back) == *" restore $first --into ${TEST_DATABASE}_restored" ]] || fail "another way back than $first"
	run_rung list-backups --json
	assert_equal "$(jq -r 'select(.type == "backup").head' <<<"$output" | uniq)" 01_users
	sed -i 's,1/0,1,' schema/02_plain.sql
	next_second
	run_rung upgrade
	assert_status 0
	assert_equal "$(backup_count)" 3
	assert_sql "select state, backup from schema_version where version = 2" "applied|$first"
	run_rung restore --before 2 --into "$FRESH"
	assert_status 0
	assert_equal "$(psql -XAtq -d "$FRESH_URL" -c "select to_regclass('begun') is null, count(*) from schema_version")" "t|1"
}

@test "what else a restore undoes is said, and when the backup was made" {
	migration 02_orders <<<'create table orders (id int);'
	migration 03_items <<<'create table items (id int);'
	migration 04_notes <<<'create table notes (id int);'
	run_rung upgrade
	run_rung restore --before 4 --into "$FRESH"
	assert_status 0
	assert_errors_contain "the backup is from before 02_orders, not just before 4: restoring also undoes 02_orders, 03_items"
	made=$(jq -r .created_at "$(manifest_of "$(newest_backup)")")
	assert_output_matches "Made +$made"
	sql "drop database \"$FRESH\""
	run_rung restore --before 2 --into "$FRESH"
	assert_status 0
	refute_errors_contain "restoring also undoes"
}

@test "a batch that is finished later keeps the backup from before it" {
	sql "insert into users select g, 'x' from generate_series(1, 30) g"
	sql "create table gate (is_open boolean); insert into gate values (false)"
	migration 02_batch <<-'SQL'
		-- rung: batch table=users key=id size=10
		update users set name = case when id > 10 and not (select is_open from gate) then (1 / (id - id))::text else 'y' end
		 where id > :lo and id <= :hi;
	SQL
	run_rung upgrade
	[ "$status" -ne 0 ]
	first=$(newest_backup)
	next_second
	sql "update gate set is_open = true"
	run_rung upgrade
	assert_status 0
	assert_equal "$(backup_count)" 2
	assert_sql "select state, backup from schema_version where version = 2" "applied|$first"
}

@test "half-done without a backup, a later one is not offered as from before it" {
	half_done 02_plain
	run_rung upgrade --no-backup
	assert_status 6
	run_rung resume
	assert_status 6
	assert_errors_contain "Back to before this run, half-done as it was"
	sql "create table missing (id int)"
	sed -i 's,1/0,1,' schema/02_plain.sql
	run_rung resume
	assert_status 0
	assert_sql "select state, backup from schema_version where version = 2" "applied|"
	assert_refused 5 restore --before 2 --into "$FRESH"
	assert_errors_contain "there is no backup from before migration 2"
	advised 'rung list-backups'
}

@test "the restore that a failure advises can be typed as it is printed" {
	odd="$TEST_DATABASE it's Ä-1.x"
	database_create "$DATABASE_URL" "$odd"
	url=$(url_of_database "$DATABASE_URL" "$(sed "s/ /%20/g" <<<"$odd")")
	identity=$RUNG_BACKUP_IDENTITY_FILE
	unset RUNG_BACKUP_IDENTITY_FILE
	migration 02_orders <<<'select 1/0;'
	run_rung upgrade 1 --database-url "$url"
	run_rung upgrade --database-url "$url"
	assert_status 1
	assert_errors_contain "without the rows written since"
	printed=$(way_back)
	[[ $printed == *" --identity-file KEY" ]] || fail "not the whole command: $printed"
	eval "run_rung $(sed "s,.*rung restore,restore,; s,KEY,'$identity'," <<<"$printed") --database-url \"\$url\""
	assert_status 0
	assert_sql "select count(*) from pg_database where datname = \$\$${odd}_restored\$\$" 1
}

@test "where nothing is configured one line says so, unless one is required" {
	migration 02_orders <<<'create table orders (id int);'
	unset RUNG_BACKUP_STORE RUNG_BACKUP_RECIPIENTS
	RUNG_BACKUP_REQUIRED=yes run_rung upgrade
	assert_status 2
	assert_errors_contain "no migration without a backup"
	assert_sql "select count(*) from schema_version" 1
	run_rung upgrade
	assert_status 0
	[[ $errors != *"without a backup"* ]] || fail "said again, for a database that has a history"

	server_use main
	run_rung upgrade
	assert_status 0
	assert_errors_contain "migrations run without a backup: no store and no recipient are configured."
}

@test "a library that is missing is named, with the package, and no migration runs" {
	local faults=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so
	[ -e "$faults" ] || skip "faults.so is not built"
	migration 02_orders <<<'create table orders (id int);'
	RUNG_FAULT_LIBRARY=libzstd LD_PRELOAD=$faults assert_refused 5 upgrade
	assert_errors_contain "could not load libzstd"
	assert_errors_contain "libzstd1 on Debian"
	RUNG_FAULT_LIBRARY=libcurl LD_PRELOAD=$faults assert_refused 5 upgrade --backup-store https://127.0.0.1:1/backups
	assert_errors_contain "could not load libcurl"
	assert_errors_contain "libcurl4 on Debian"
	AWS_ACCESS_KEY_ID=k AWS_SECRET_ACCESS_KEY=s AWS_REGION=r RUNG_FAULT_LIBRARY=libexpat LD_PRELOAD=$faults \
		assert_refused 5 list-backups --backup-store s3://bucket/backups
	assert_errors_contain "could not load libexpat"
	assert_equal "$(backup_count)" 0
}

@test "what is required is not declined in passing" {
	migration 02_orders <<<'create table orders (id int);'
	export RUNG_BACKUP_REQUIRED=yes
	assert_refused 2 upgrade --no-backup
	assert_errors_contain "--no-backup is refused: backups are required (environment RUNG_BACKUP_REQUIRED)"
	assert_refused 2 downgrade --force --no-backup
	run_rung upgrade --no-backup --no-backup-required
	assert_status 0
	assert_equal "$(backup_count)" 0
}

@test "a failed backup is a failed upgrade, and nothing was run" {
	migration 02_orders <<<'create table orders (id int);'
	for way in "--backup-store /proc/nowhere" "--pg-bindir $PROJECT" "--lock-wait-timeout 200ms"; do
		if [[ $way == --lock* ]]; then
			psql -XAtq -d "$DATABASE_URL" -c "begin; lock table users; select pg_sleep(20)" >/dev/null 2>&1 3>&- 4>&- &
			wait_for "exists (select from pg_locks where relation = 'users'::regclass and mode = 'AccessExclusiveLock' and granted)"
		fi
		# shellcheck disable=SC2086 # two words
		run_rung upgrade $way
		assert_status 5
		assert_errors_contain "No migration was run"
		sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()" >/dev/null
		assert_sql "select count(*) from schema_version" 1
		assert_equal "$(find "$STORE" -type f 2>/dev/null | wc -l)" 0
	done
}

@test "a restore never works in place" {
	run_rung backup
	assert_refused 2 restore latest --into "$TEST_DATABASE"
	assert_refused 2 restore latest
	assert_refused 5 restore 19990101 --into "$FRESH"
}

@test "dumps that others made are taken too, when somebody vouches for them" {
	sql "insert into users select g from generate_series(1, 100) g"
	pg_dump -d "$DATABASE_URL" >others.sql
	gzip -k others.sql
	pg_dump -Fc -d "$DATABASE_URL" >others.dump
	for file in others.sql others.sql.gz others.dump; do
		assert_refused 2 restore "./$file" --into "$FRESH"
		run_rung restore "./$file" --into "$FRESH" --allow-unsigned
		assert_status 0
		assert_equal "$(row_counts "$FRESH_URL")" "$(row_counts)"
		sql "drop database \"$FRESH\""
	done
	head -c 700 others.sql.gz >cut.sql.gz
	run_rung restore ./cut.sql.gz --into "$FRESH" --allow-unsigned
	assert_status 5
	assert_sql "select count(*) from pg_database where datname = '$FRESH'" 0
}

@test "a passphrase in place of keys" {
	unset RUNG_BACKUP_RECIPIENTS RUNG_BACKUP_IDENTITY_FILE
	export RUNG_BACKUP_PASSPHRASE="correct horse"
	run_rung backup
	assert_status 0
	run_rung restore latest --into "$FRESH"
	assert_status 0
	RUNG_BACKUP_PASSPHRASE=wrong run_rung verify-backup latest --decrypt
	assert_status 5
	# How much work it may cost is the reader's to say.
	run_rung verify-backup latest --decrypt --max-work-factor 17
	assert_status 5
	assert_errors_contain "asks for a work factor of 18, at most 17 is allowed"
	assert_errors_contain "HINT: --max-work-factor 18 allows it."
	run_rung restore latest --into "${FRESH}2" --max-work-factor 23
	assert_status 2
	assert_errors_contain "--max-work-factor requires a number from 1 to 22"
	run bash -c '"$RUNG" backup-cat latest --max-work-factor 18 | pg_restore --list'
	assert_status 0
}

@test "an unsigned backup needs a word, and a wrong key is reported before anything happens" {
	unset RUNG_BACKUP_SIGN_KEY
	run_rung backup
	assert_errors_contain "not signed"
	assert_refused 5 restore latest --into "$FRESH"
	run_rung restore latest --into "$FRESH" --allow-unsigned
	assert_status 0
	assert_errors_contain "no trusted key signed"
	"$RUNG" keygen --identity-file other.key >/dev/null 2>&1
	run_rung verify-backup latest --decrypt --allow-unsigned --identity-file other.key
	[ "$status" -ne 0 ]
	chmod 644 "$IDENTITY"
	run_rung verify-backup latest --decrypt --allow-unsigned
	[ "$status" -ne 0 ]
	assert_errors_contain "$(basename "$IDENTITY")"
}

@test "an old backup cannot pass for the newest" {
	run_rung backup
	migration 02_orders <<<'create table orders (id int);'
	next_second
	run_rung upgrade
	newest=$(newest_backup)
	rm "$STORE"/*/"$newest".json
	assert_refused 5 restore latest --into "$FRESH"
	assert_errors_contain "$newest"
}

@test "orphans are shown and pruned, the newest backup from before a migration stays" {
	for i in 1 2 3; do "$RUNG" backup >/dev/null 2>&1; done
	"$RUNG" backup --keep-until 90d >/dev/null 2>&1
	"$RUNG" backup >/dev/null 2>&1
	folder=$(dirname "$(manifest_of "$(newest_backup)")")
	touch "$folder/20200101T000000Z-00000000.dump.zst.age"
	run_rung list-backups --orphans
	assert_output_contains "20200101T000000Z-00000000.dump.zst.age"
	run_rung prune-backups --keep-last 9
	[[ $output$errors == *"no backup would be removed"* ]]
	run_rung prune-backups --keep-last 1
	assert_errors_contain "would be removed" || assert_output_contains "would be removed"
	assert_equal "$(backup_count)" 5
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_equal "$(backup_count)" 2
	assert_equal "$(find "$folder" -name '2020*' | wc -l)" 0
	run_rung verify-backup all
	assert_status 0
	touch "$folder/29990101T000000Z-00000000.dump.zst.age"
	run_rung prune-backups --keep-last 1 --yes
	assert_status 5
	assert_errors_contain "was not finished"
}

@test "no secret is in the process list, and no plaintext reaches a disk" {
	command -v strace >/dev/null || skip "strace is not installed"
	server_start_own guarded "password_encryption = 'md5'"
	sql "create table marked as select 'MARKED-PLAINTEXT-ROW-' || g as t from generate_series(1, 20000) g"
	sql "create role app superuser login password 'hush-hush'"
	url="postgresql://app:hush-hush@/$TEST_DATABASE?host=$RUNG_RUN/guarded"
	ASAN_OPTIONS=detect_leaks=0 strace -f --seccomp-bpf -qq -e trace=execve,openat,open,creat -s 4096 -o trace.txt "$RUNG" backup --database-url "$url" >out.txt 2>&1
	assert_equal "$(grep -v 'execve("[^"]*/rung"' trace.txt | grep -c 'hush-hush')" 0
	assert_equal "$(grep -c 'hush-hush' out.txt)" 0
	# Whatever was opened to be written: the store and nothing else.
	grep -E 'O_WRONLY|O_RDWR|creat\(' trace.txt | grep -v -e ' = -1 ' -e "$STORE" -e '"/dev/' -e '"/proc/' >written.txt || true
	assert_equal "$(cat written.txt)" ""
	assert_equal "$(grep -rla 'MARKED-PLAINTEXT-ROW' "$STORE")" ""
	"$RUNG" backup-cat latest --database-url "$url" | grep -qa 'MARKED-PLAINTEXT-ROW-20000'
}
