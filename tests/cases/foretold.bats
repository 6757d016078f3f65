# What the run refuses, the plan refuses: --dry-run, --sql and the run itself end alike, with the same
# words, and nothing has run by then. Each test is one way to be wrong; 01 is always in order.

load ../lib/rung

setup() {
	rung_setup
	migration 01_a <<<'create table a (id int);'
	rollback_of 01_a <<<'drop table a;'
	rollback_of 02_b <<<'drop table b;'
}

# What was said, without warnings and what is said of backups.
said() { sed -e '/: warning: /d' -e '/^warning: /d' -e '/backup/d' <<<"$errors"; }

# foretold WORDS VERB ARGS… - the three agree; the run alone gets $FORCE.
foretold() {
	local words=$1 expected expected_status mode
	shift
	assert_refused "${STATUS:-2}" "$@" ${FORCE:-}
	assert_errors_contain "$words"
	refute_output_contains "applied"
	expected=$(said)
	for mode in --dry-run --sql; do
		run_rung "$@" "$mode"
		assert_status "${STATUS:-2}"
		assert_output ""
		assert_equal "$(said)" "$expected" "$mode says something else"
	done
}

@test "files that cannot be read as SQL" {
	local words text
	while IFS='|' read -r words text; do
		printf '%b' "$text" >schema/02_b.sql
		foretold "$words" upgrade
	done <<-'FILES'
		backslash command "\d"|create table b (id int);\n\\d b\n
		backslash command "\gexec"|select 'select 1' \\gexec\n
		unterminated quoted string|create table b (t text default 'x);\n
		unterminated comment|create table b (id int); /* here\n
		unterminated dollar|do $$ begin null; end;\n
		a parenthesis is opened here|create table b (id int;\n
		\if without \endif|\\if true\ncreate table b (id int);\n
		\endif without \if|create table b (id int);\n\\endif\n
		requires a boolean|\\if :nothing\n\\endif\ncreate table b (id int);\n
		could not read|\\ir part/missing.sql\n
		could not read|create table b (id int);\n\\copy b from 'schema/missing.csv'\n
		it is outside|\\i /etc/passwd\n
		it would include itself|\\ir 02_b.sql\n
		\copy from program|\\copy b from program 'id'\n
		TO STDOUT in a migration|copy a to stdout;\n
		there is a NUL byte|create\0000 table b (id int);\n
		is not UTF-8|create table b (t text default '\0351');\n
	FILES
}

@test "files whose transactions cannot work" {
	local words text
	while IFS='|' read -r words text; do
		printf '%b' "$text" >schema/02_b.sql
		foretold "$words" upgrade
	done <<-'FILES'
		cannot run begin|create table b (id int);\nbegin;\n
		cannot run BEGIN|BEGIN;\ncreate table b (id int);\n
		cannot run commit|create table b (id int);\ncommit;\ncreate table c (id int);\n
		cannot run rollback|create table b (id int);\nrollback;\n
		cannot run CREATE INDEX CONCURRENTLY|create table b (id int);\ncreate index concurrently b_id on b (id);\n
		cannot run VACUUM|begin;\nvacuum a;\ncommit;\n
		a transaction begins and never ends|-- rung: transaction: none\nbegin;\ncreate table b (id int);\n
		cannot run "lock table" where no transaction is open|-- rung: transaction: none\nlock table a;\n
		in a transaction that is READ ONLY|begin read only;\ncreate table b (id int);\ncommit;\n
		in a transaction that is READ ONLY|set transaction read only;\ncreate table b (id int);\n
		joined to another statement|-- rung: transaction: none\ncreate table b (id int)\\; vacuum a;\n
		migration lock|create table b (id int);\ndiscard all;\n
		cannot run a batch|create table b (id int);\n-- rung: batch repeat table=a\ndelete from a;\n
	FILES
}

@test "directives that mean nothing" {
	local words text
	while IFS='|' read -r words text; do
		printf '%b' "$text" >schema/02_b.sql
		foretold "$words" upgrade
	done <<-'FILES'
		unknown directive|-- rung: transactoin: none\ncreate table b (id int);\n
		the statement of a batch has no bounds|-- rung: batch table=a key=id\nupdate a set id = 1;\n
		a batch has no parameter|-- rung: batch table=a kee=id\nupdate a set n = 1 where id > :lo and id <= :hi;\n
		requires|-- rung: requires: 99\ncreate table b (id int);\n
	FILES
}

@test "rollbacks, on the way up and on the way down" {
	local words text
	migration 02_b <<<'create table b (id int);'
	run_rung upgrade
	assert_status 0
	migration 03_c <<<'create table c (id int);'
	while IFS='|' read -r words text; do
		printf '%b' "$text" >rollback/rollback_03_c.sql
		printf 'drop table b;' >rollback/rollback_02_b.sql
		foretold "$words" upgrade
		printf '%b' "$text" >rollback/rollback_02_b.sql
		rm rollback/rollback_03_c.sql
		FORCE=--force foretold "$words" downgrade
		FORCE=--force foretold "$words" downgrade base
	done <<-'FILES'
		backslash command "\d"|drop table b;\n\\d\n
		unterminated quoted string|comment on table b is 'x;\n
		cannot run commit|drop table b;\ncommit;\n
		cannot run DROP INDEX CONCURRENTLY|drop index concurrently b_id;\ndrop table b;\n
		could not read|\\ir missing.sql\n
		unknown directive|-- rung: transactoin: none\ndrop table b;\n
	FILES
}

@test "a rollback that only the database kept" {
	migration 02_b <<<'create table b (id int);'
	run_rung upgrade
	rm schema/02_b.sql rollback/rollback_02_b.sql
	local words text
	while IFS='|' read -r words text; do
		keep_rollback 2 "$text"
		FORCE=--force foretold "$words" downgrade
	done <<-'TEXTS'
		backslash command "\d"|drop table b; \d
		cannot run commit|drop table b; commit; select 1
		unterminated comment|drop table b; /* x
	TEXTS
	sql "update schema_version set rollback_sql = null where version = 2"
	FORCE=--force foretold 'no rollback of "02_b" exists' downgrade
}

@test "an edited file that cannot run again" {
	printf '[files]\non_change = reapply\n' >rung.ini
	migration 02_b <<<'create table b (id int);'
	run_rung upgrade
	echo '-- edited' >>schema/02_b.sql
	foretold 'cannot run again, as "on-change" asks' upgrade
	rm rung.ini
	STATUS=3 foretold "was changed after it was applied" upgrade
	rm schema/02_b.sql rollback/rollback_02_b.sql
	STATUS=3 foretold "its file is missing" upgrade
}

@test "one transaction for all, and a file that refuses it" {
	local text
	for text in 'create index concurrently a_id on a (id);' $'-- rung: transaction: none\ncreate table b (id int);' 'vacuum a;'; do
		printf '%s\n' "$text" >schema/02_b.sql
		foretold '"02_b" cannot run in a single transaction' upgrade --single-transaction
	done
	rm schema/02_b.sql rollback/rollback_02_b.sql
	migration 02_index <<<'create index a_id on a (id);'
	rollback_of 02_index <<<'drop index concurrently a_id;'
	run_rung upgrade --single-transaction
	assert_status 0
	FORCE=--force foretold '"02_index" cannot run in a single transaction' downgrade base --single-transaction
}

@test "targets and histories that do not fit" {
	migration 02_b <<<'create table b (id int);'
	foretold '"99"' upgrade 99
	run_rung upgrade
	FORCE=--force foretold '"99"' downgrade 99
	migration 01_twin <<<'select 1;'
	foretold "twin" upgrade
	rm schema/01_twin.sql
	sql "drop table schema_version cascade; create table schema_version (installed_rank int)"
	foretold "is the history of Flyway" upgrade
}

@test "what is in order is planned, printed and run" {
	migration 02_b <<-'SQL'
		create table b (id int);
		\copy b from schema/b.csv
	SQL
	echo 1 >schema/b.csv
	run_rung upgrade --dry-run
	assert_status 0
	assert_output_contains "2 steps planned"
	run_rung upgrade --sql
	assert_status 0
	run_rung upgrade
	assert_status 0
}
