# Scripts for people and for parts of the way: --sql=brief, FROM:TO, a way down that ends early, show --sql.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<$'-- Who may log in.\ncreate table users (id int primary key); -- and nothing else\n\n-- quick to find\ncreate index named on users (id)'
	rollback_of 01_users <<<'drop table users'
	migration 02_orders <<<$'\\set kind orders\nset search_path to shop;\ncreate table :"kind" (id int);'
	rollback_of 02_orders <<<'drop table shop.orders;'
	migration 03_index <<<$'-- rung: irreversible: it was a mistake\ncreate index concurrently quick on users (id);'
	migration 04_items <<<'create table items (id int);'
	rollback_of 04_items <<<'drop table items;'
	sql "create schema shop"
}

# script ARGS… - what rung prints, run by psql in the database.
script() {
	run_rung "$@"
	printf '%s\n' "$output" >script.sql
	said=$(psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$DATABASE_URL" -f script.sql 2>&1) || fail "psql: $said"
}

applied() { sql "select coalesce(string_agg(version::text, ' ' order by version), '') from schema_version"; }

@test "a brief script is the files and a line for each, and rung continues after it" {
	script upgrade --sql=brief 03
	assert_status 0
	# Comments and all; of the history one line a file, and the table first.
	assert_output_contains "$(cat schema/01_users.sql)"
	assert_equal "$(grep -c schema_version script.sql)" 4
	assert_output_contains '"rung upgrade --sql"'
	advised 'rung % --sql'
	# The second has variables, which are resolved: only then a file does not stand there as it is, and this is said.
	assert_equal "$(grep -c '^-- The file as it is sent' script.sql)" 1
	[ "$(wc -l <script.sql)" -lt 40 ] || fail "$(wc -l <script.sql) lines are not brief"
	assert_equal "$(applied)" "1 2 3"
	assert_sql "select to_regclass('shop.orders') is not null, to_regclass('public.orders') is null" "t|t"
	# What people write by hand is adopted, the rest applied as ever.
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 2 3 4"
	run_rung check
	assert_status 0
	# And in a history of rung's own.
	script downgrade --sql=brief 03
	assert_output_contains '"rung downgrade --sql"'
	assert_output_contains "where version = '4'"
	refute_output_contains pg_catalog
	assert_equal "$(applied)" "1 2 3"
	assert_sql "select to_regclass('items') is null" t
	script upgrade --sql=brief
	assert_equal "$(applied)" "1 2 3 4"
	run_rung upgrade
	assert_status 0
	assert_output_contains "nothing to do"
	run_rung upgrade --sql=short
	assert_status 2
	assert_errors_contain "--sql=brief"
}

@test "an edited file that may run again is a line in a brief script too" {
	migration 04_items <<<$'-- rung: on-change: reapply\ncreate table if not exists items (id int);'
	run_rung upgrade
	echo 'create table if not exists more (id int);' >>schema/04_items.sql
	script upgrade --sql=brief
	assert_status 0
	assert_sql "select to_regclass('more') is not null" t
	run_rung check
	assert_status 0
}

@test "a range is printed without asking the database" {
	local url=$DATABASE_URL
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none run_rung upgrade --sql base:orders
	assert_status 0
	psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$url" <<<"$output"
	assert_equal "$(applied)" "1 2"
	unset DATABASE_URL
	run_rung upgrade --sql 02:head
	assert_status 0
	refute_output_contains "create table if not exists"
	psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$url" <<<"$output"
	export DATABASE_URL=$url
	assert_equal "$(applied)" "1 2 3 4"
	run_rung check
	assert_status 0
	unset DATABASE_URL
	run_rung downgrade --sql 04:03
	assert_status 0
	psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$url" <<<"$output"
	export DATABASE_URL=$url
	assert_equal "$(applied)" "1 2 3"
	run_rung check
	assert_output_contains "04_items: is not applied yet"
}

@test "a range that means nothing is told so" {
	local args
	while IFS='|' read -r args said; do
		# shellcheck disable=SC2086 # words
		run_rung $args
		assert_status 2
		assert_errors_contain "$said"
	done <<-'RANGES'
		upgrade base:head|is only for --sql
		upgrade --dry-run base:head|"rung upgrade head" starts where the database is
		upgrade --sql 03:|half a range
		upgrade --sql :03|half a range
		upgrade --sql 03:01|cannot upgrade to "01_users"
		upgrade --sql +1:head|a range cannot begin at "+1"
		upgrade --sql nothing:head|there is no migration "nothing"
		downgrade --sql 01:03|it is not applied
	RANGES
	run_rung upgrade --sql 02:02
	assert_status 0
	assert_output ""
}

@test "a downgrade that cannot go all the way is printed as far as it goes" {
	run_rung upgrade
	run_rung downgrade --sql base
	assert_status 3
	assert_errors_contain 'the script ends before its target: migration "03_index" is irreversible: it was a mistake'
	assert_output_contains '-- ends here: migration "03_index" is irreversible: it was a mistake'
	psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$DATABASE_URL" <<<"$output"
	assert_equal "$(applied)" "1 2 3"
	# Nothing of it, or all in one transaction: refused like the run.
	run_rung downgrade --sql base
	assert_status 2
	assert_output ""
	run_rung upgrade
	run_rung downgrade --sql --single-transaction base
	assert_status 2
	assert_output ""
	assert_refused 2 downgrade base --force
}

@test "show --sql prints the file, and of a rollback also what the database keeps" {
	run_rung upgrade
	run_rung show users --sql
	assert_status 0
	assert_output "$(cat schema/01_users.sql)"
	run_rung show users --sql=rollback
	assert_output "drop table users"
	run_rung show 3 --sql=rollback
	assert_status 3
	assert_errors_contain "it was a mistake"
	# Of an edited pair it is the one that "downgrade" takes.
	echo "-- edited" | tee -a schema/04_items.sql >>rollback/rollback_04_items.sql
	run_rung show 4 --sql=rollback
	assert_output "drop table items;"
	rm schema/04_items.sql rollback/rollback_04_items.sql
	run_rung show 4 --sql
	assert_status 2
	assert_errors_contain '"rung show 04_items --sql=rollback"'
	advised 'rung show % --sql=rollback'
	run_rung show 04_items --sql=rollback
	assert_output "drop table items;"
}
