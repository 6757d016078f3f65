# renumber: our files move past the ones that came first.

load ../lib/rung

# pair NN_name [HEAD LINE] - a migration that makes a table, and its rollback.
pair() {
	{
		if [ -n "${2:-}" ]; then echo "$2"; fi
		echo "create table t_${1#*_} (id int);"
	} >"schema/$1.sql"
	rollback_of "$1" <<<"drop table t_${1#*_};"
}

git_start() {
	git init -q -b main .
	git config user.name "A Person"
	git config user.email person@example.org
	printf '.home\n.out.*\n.errors.*\n' >.gitignore
	git_commit "start"
}

git_commit() {
	git add -A
	git commit -q -m "$1" --allow-empty
}

files_here() { (cd "$1" && find . -name '*.sql' | sed 's|^\./||' | sort | paste -sd' '); }

@test "two branches took one number: ours move past theirs, in order, everything together" {
	pair 01_base
	printf '\\ir 01_base.sql\n' >schema/00_master_schema.sql
	git_start

	git checkout -q -b search
	pair 02_search
	pair 03_search_index "-- rung: requires: 02"
	git_commit "search"

	git checkout -q main
	pair 02_billing
	git_commit "billing"

	git checkout -q search
	git merge -q -m "merge main" main
	run_rung check --offline
	assert_status 3
	assert_output_contains "have the same number"

	run_rung renumber --dry-run --offline
	assert_status 0
	assert_output_contains "would rename schema/02_search.sql to schema/03_search.sql"
	assert_output_contains "nothing was changed"
	[ -f schema/02_search.sql ]

	run_rung renumber
	assert_status 0
	assert_equal "$(files_here schema)" "00_master_schema.sql 01_base.sql 02_billing.sql 03_search.sql 04_search_index.sql"
	assert_equal "$(files_here rollback)" \
		"rollback_01_base.sql rollback_02_billing.sql rollback_03_search.sql rollback_04_search_index.sql"
	assert_equal "$(head -1 schema/04_search_index.sql)" "-- rung: requires: 03"
	assert_equal "$(cat schema/00_master_schema.sql)" "\\ir 01_base.sql
\\ir 03_search.sql
\\ir 04_search_index.sql"
	git add -A
	assert_equal "$(git diff --cached --name-status -M | grep -c '^R')" 4
	run_rung renumber
	assert_output "nothing to renumber"
	sed -i '1a\\\\ir 02_billing.sql' schema/00_master_schema.sql
	run_rung check --offline
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_sql "select string_agg(name, ' ' order by version) from schema_version" \
		"01_base 02_billing 03_search 04_search_index"
}

@test "theirs is not merged yet, but the number is taken on main" {
	pair 01_base
	git_start
	git checkout -q -b search
	pair 02_search
	git_commit "search"
	git checkout -q main
	pair 02_billing
	pair 03_billing_lines
	git_commit "billing"
	git checkout -q search
	run_rung renumber
	assert_status 0
	assert_equal "$(files_here schema)" "01_base.sql 04_search.sql"
	git_commit "renumbered"
	git merge -q -m "merge main" main
	run_rung check --offline
	assert_status 0
}

@test "both are on main already: the one that was merged later moves, with what came along" {
	pair 01_base
	git_start
	git checkout -q -b billing
	pair 02_billing
	git_commit "billing"
	git checkout -q main
	git checkout -q -b audit
	pair 02_audit
	pair 03_audit_index
	git_commit "audit"
	git checkout -q main
	git merge -q --no-ff -m "merge billing" billing
	git merge -q --no-ff -m "merge audit" audit
	run_rung renumber
	assert_status 0
	assert_equal "$(files_here schema)" "01_base.sql 02_billing.sql 03_audit.sql 04_audit_index.sql"
}

@test "a remote's default branch is asked before a local main" {
	pair 01_base
	git_start
	git init -q --bare -b main .home/origin.git
	git remote add origin .home/origin.git
	git push -q -u origin main
	git fetch -q
	pair 02_ours
	git_commit "ours, on a local main"
	git checkout -q -b theirs origin/main
	pair 02_theirs
	git_commit "theirs"
	git push -q origin theirs:main
	git fetch -q
	git checkout -q main
	git merge -q -m "merge" origin/main
	run_rung renumber
	assert_status 0
	assert_equal "$(files_here schema)" "01_base.sql 02_theirs.sql 03_ours.sql"
}

@test "a file not committed yet is the younger one" {
	pair 01_base
	pair 02_theirs
	git_start
	pair 02_mine
	run_rung renumber
	assert_status 0
	assert_equal "$(files_here schema)" "01_base.sql 02_theirs.sql 03_mine.sql"
}

@test "what is applied is never touched" {
	pair 01_base
	git_start
	git checkout -q -b search
	pair 02_search
	git_commit "search"
	run_rung upgrade
	git checkout -q main
	pair 02_billing
	git_commit "billing"
	git checkout -q search
	git merge -q -m "merge main" main
	assert_refused 3 renumber
	assert_errors_contain 'cannot renumber "02_search": it is applied in the database'
	assert_equal "$(files_here schema)" "01_base.sql 02_billing.sql 02_search.sql"
	advised 'rung renumber % --offline'
	assert_equal "$(files_here schema)" "01_base.sql 02_billing.sql 03_search.sql"
	# What was applied under the old number comes down as status says.
	run_rung status
	output=$(tr -s '\n ' ' ' <<<"$output")
	assert_output_contains 'go down below "02_search"'
	advised 'rung downgrade' 2
	run_rung downgrade --force
	assert_status 0
	run_rung upgrade
	assert_status 0
	run_rung check
	assert_status 0
}

@test "a database that does not answer stops it, unless it is left out" {
	pair 01_base
	pair 02_a
	pair 02_b
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none run_rung renumber 02_b
	assert_status 4
	assert_errors_contain "--offline"
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none run_rung renumber 02_b --offline
	assert_status 0
	[ -f schema/03_b.sql ]
}

@test "without git the history decides" {
	pair 01_base
	pair 02_first
	run_rung upgrade
	pair 02_second
	run_rung renumber
	assert_status 0
	assert_equal "$(files_here schema)" "01_base.sql 02_first.sql 03_second.sql"
	run_rung upgrade
	assert_status 0
}

@test "unapplied files before newer applied ones" {
	pair 01_base
	pair 05_five
	run_rung upgrade
	pair 03_late
	pair 04_later "-- rung: requires: 3"
	run_rung upgrade
	assert_status 3
	run_rung renumber
	assert_status 0
	assert_equal "$(files_here schema)" "01_base.sql 05_five.sql 06_late.sql 07_later.sql"
	assert_equal "$(head -1 schema/07_later.sql)" "-- rung: requires: 6"
	run_rung upgrade
	assert_status 0
}

@test "when nothing tells, it asks with the names" {
	unset DATABASE_URL
	pair 01_base
	pair 02_a
	pair 02_b
	run_rung renumber
	assert_status 2
	assert_errors_contain 'cannot tell which came first, "02_a" or "02_b"'
	assert_errors_contain 'rung renumber 02_b'
	run_rung renumber 02
	assert_status 2
	assert_errors_contain 'They are 02_a, 02_b.'
	run_rung renumber schema/02_a.sql
	assert_status 0
	assert_equal "$(files_here schema)" "01_base.sql 02_b.sql 03_a.sql"
	run_rung renumber 9
	assert_status 2
}

@test "what create wrote into the heads follows" {
	unset DATABASE_URL
	run_rung create base
	run_rung create mine
	pair 02_theirs
	run_rung renumber 02_mine
	assert_status 0
	grep -q "Rolled back by rollback_03_mine.sql" schema/03_mine.sql
	grep -q "Undoes 03_mine.sql" rollback/rollback_03_mine.sql
}

@test "timestamps stay timestamps, widths stay widths" {
	pair 20260101120000_base
	pair 20260301120000_theirs
	run_rung upgrade
	pair 20260201120000_mine
	run_rung renumber
	assert_status 0
	[ "$(find schema -name '20[0-9]*_mine.sql' | wc -l)" -eq 1 ]
	run_rung upgrade
	assert_status 0
	rm schema/* rollback/*
	pair 0009_a
	pair 0009_b
	run_rung renumber 0009_b --offline
	assert_status 0
	[ -f schema/0010_b.sql ]
}

@test "all or nothing: a name that is taken leaves everything as it was" {
	unset DATABASE_URL
	pair 01_base
	pair 02_a
	pair 02_b
	mkdir rollback/rollback_03_b.sql
	run_rung renumber 02_b
	assert_status 5
	assert_equal "$(files_here schema)" "01_base.sql 02_a.sql 02_b.sql"
	[ -f rollback/rollback_02_b.sql ]
	[ "$(find . -name '*.aside' | wc -l)" -eq 0 ]
}

# Killed between its renames: at the second file that is moved aside, the first that is made, the first that goes.
@test "a renaming that was killed is noticed, and no file of it is missed in silence" {
	unset DATABASE_URL
	local at file
	for at in rename:2 link:1 unlink:1; do
		rm -rf schema rollback && mkdir schema rollback
		pair 01_base
		pair 02_a
		pair 02_b
		run strace -f -qq -o /dev/null -e trace="${at%:*}" -e inject="${at%:*}:signal=KILL:when=${at#*:}" "$RUNG" renumber 02_b --offline
		file=$(find schema -name '*.aside')
		[ -n "$file" ]
		for verb in "renumber 02_b --offline" "check --offline" "upgrade --dry-run"; do
			# shellcheck disable=SC2086 # words
			DATABASE_URL=postgresql://h.invalid/d run_rung $verb
			[ "$status" -ne 0 ]
			assert_equal "$(grep -hoF "\"$file\" was left by a renaming that was interrupted" <<<"$output$errors" | head -n 1)" \
				"\"$file\" was left by a renaming that was interrupted"
		done
		find . -name '.*.aside' | while read -r file; do
			name=$(basename "$file" .aside)
			name=${name#.} name=$(dirname "$file")/${name%.*}
			if [ "$(stat -c %h "$file")" -gt 1 ]; then rm "$file"; else mv "$file" "$name"; fi
		done
		run_rung check --offline
		refute_output_contains "[aside]"
		assert_equal "$(cat schema/* | sort)" "$(printf 'create table t_%s (id int);\n' a b base)"
	done
}

@test "renamed files as JSON" {
	unset DATABASE_URL
	pair 01_a
	pair 01_b
	run_rung renumber 01_b --json
	assert_status 0
	assert_output_matches '"action":"renamed","path":"schema/02_b.sql","from":"schema/01_b.sql"'
}
