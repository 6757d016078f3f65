# Branches: create --branch and --requires, merge, upgrade to one branch's head.

load ../lib/rung

pair() {
	migration "$1" <<<"create table t_$1 (id int);"
	rollback_of "$1" <<<"drop table t_$1;"
}

branched() {
	migration "$1" <<SQL
-- rung: branch: $2
create table t_$1 (id int);
SQL
	rollback_of "$1" <<<"drop table t_$1;"
}

@test "a branch, created file by file" {
	pair 01_base
	run_rung create invoices --branch billing --manual
	assert_status 0
	assert_equal "$(head -1 schema/02_invoices.sql)" "-- rung: branch: billing"
	run_rung create search --manual
	run_rung create "invoice lines" --branch billing --manual
	run_rung heads
	assert_output "03_search
04_invoice_lines (billing)"
}

@test "what a new file requires is written into its head" {
	pair 01_base
	pair 02_more
	run_rung create "both" --requires 01,02_more --manual
	assert_status 0
	assert_equal "$(head -1 schema/03_both.sql)" "-- rung: requires: 01, 02"
	run_rung check --offline
	refute_output_contains "requires"
	run_rung create "none" --requires 1,9 --manual
	assert_status 2
	assert_errors_contain 'there is no migration "9"'
	run_rung create "odd" --branch "a b" --manual
	assert_status 2
	assert_errors_contain "a branch is named with letters"
	[ "$(find schema -name '04*' | wc -l)" -eq 0 ]
}

@test "a merge joins all heads, and there is one" {
	pair 01_base
	branched 02_invoices billing
	pair 03_search
	run_rung heads
	assert_output "02_invoices (billing)
03_search"
	run_rung merge -m "billing meets search"
	assert_status 0
	assert_output "created schema/04_billing_meets_search.sql
created rollback/rollback_04_billing_meets_search.sql"
	assert_equal "$(head -1 schema/04_billing_meets_search.sql)" "-- rung: requires: 02, 03"
	run_rung heads
	assert_output "04_billing_meets_search"
	run_rung check --offline
	assert_status 0
}

@test "a merge goes up and down like any other" {
	pair 01_base
	branched 02_invoices billing
	pair 03_search
	run_rung merge 03 billing@head
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version" 4
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select count(*) from schema_version" 0
	run_rung upgrade
	assert_status 0
	run_rung check
	assert_status 0
	run_rung test
	assert_status 0
}

@test "the orchestrator gets the merge's line" {
	pair 01_base
	branched 02_invoices billing
	pair 03_search
	printf '\\ir 01_base.sql\n\\ir 02_invoices.sql\n\\ir 03_search.sql\n' >schema/00_master_schema.sql
	run_rung merge
	assert_status 0
	assert_output_contains "updated schema/00_master_schema.sql"
	assert_errors_contain "Next:"
	advised 'rung upgrade'
	run_rung check --offline
	assert_status 0
}

@test "one branch's head alone" {
	pair 01_base
	branched 02_invoices billing
	pair 03_search
	branched 04_lines billing
	run_rung upgrade
	assert_status 2
	assert_errors_contain "heads"
	run_rung upgrade billing@head
	assert_status 0
	assert_sql "select string_agg(version::text, ',' order by version) from schema_version" "1,2,4"
	run_rung upgrade trunk@head
	assert_status 0
	assert_sql "select string_agg(version::text, ',' order by version) from schema_version" "1,2,3,4"
}

@test "what cannot be merged" {
	run_rung merge
	assert_status 2
	assert_errors_contain "no migrations yet"
	pair 01_base
	pair 02_more
	run_rung merge
	assert_status 2
	assert_errors_contain "a merge needs at least two migrations"
	run_rung merge 01 02
	assert_status 2
	assert_errors_contain 'cannot merge "02_more" and "01_base": the first depends on the other'
	run_rung merge 02 02_more
	assert_status 2
	run_rung merge 02 7
	assert_status 2
	assert_errors_contain 'no migration "7"'
	run_rung merge 02 head
	assert_status 2
}

@test "created while migrations are pending: the target database is not up to date" {
	pair 01_base
	run_rung create next
	assert_status 0
	assert_errors_contain 'target database is not up to date: 1 migration is pending; "rung upgrade" applies it'
	rm schema/02_next.sql rollback/rollback_02_next.sql
	run_rung upgrade
	run_rung create next
	assert_status 0
	refute_errors_contain "not up to date"
	run_rung create later --manual
	refute_errors_contain "not up to date"
}

@test "a server that does not answer is no reason to write no file" {
	pair 01_base
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none run_rung create next
	assert_status 0
	[ -f schema/02_next.sql ]
}
