# What decides that a session needs no restoring after a file, src/sql/kind_rows.c, is held against servers: statements
# that might run code of the database, in a database where everything that can hold any does (lib/kinds.txt).

load ../lib/rung

teardown() {
	if [ -n "${DATABASE_URL:-}" ]; then sql "drop owned by kinds_role; drop role kinds_role" 2>/dev/null || true; fi
	rung_teardown
}

# Writes the samples for this server, one a line: a number, a mark or "-", the statement, and what it lets run or "-".
samples() {
	sed -E -e 's/[[:space:]]+$//' -e '/^(#|$)/d' "$TESTS/lib/kinds.txt" |
		awk -v major="$1" '{
			mark = "-"
			if (match($0, /^[0-9]+\+ /)) { if ($0 + 0 > major) next; sub(/^[^ ]+ /, "") }
			if (match($0, /^[*!+=] /)) { mark = substr($0, 1, 1); $0 = substr($0, 3) }
			then = "-"
			if (at = index($0, " ;; ")) { then = substr($0, at + 4); $0 = substr($0, 1, at - 1) }
			printf "%d\t%s\t%s\t%s\n", ++count, mark, $0, then
		}' >samples
	cut -f 3 samples | "$RUNG_TEST_PROGRAMS/kinds" judge >judged
}

# For psql: each sample by itself, and after it what the session holds and whether code of the database ran.
script() {
	cp "$ROOT/src/history/code.sql" code.sql
	sed -e 's/\$1/current_user/' -e 's/\$2/1/' -e 's/\$3/null/' "$ROOT/src/apply/step/check_session.sql" >check.sql
	echo ';' | tee -a check.sql >>code.sql
	paste samples judged | awk -F '\t' '
		BEGIN { print "\\echo sample 0\nselect $$state $$ || probing.state();" }
		{
			split($5, claim, " ")
			print "\\echo sample " $1
			print claim[3] ? "" : "begin;"
			print $2 ~ /[+=]/ || $3 ~ /outermost/ ? "savepoint outermost;" : ""
			print $3 "\n;\n\\if :ERROR\n\\echo refused :LAST_ERROR_MESSAGE\n\\endif"
			if ($2 ~ /[+=]/) {
				print "\\i check.sql\n\\echo checked :LAST_ERROR_MESSAGE\nrollback to outermost;"
				print $3 ";\n\\echo code\n\\i code.sql"
				print "select probing.unlock();\n" $4 ";"
			}
			print claim[2] == "leaves" ? "" : "select $$state $$ || probing.state();"
			print claim[3] ? "" : "rollback;"
			print "select $$ran$$ where exists (select from pg_locks where pid = pg_backend_pid() and locktype = $$advisory$$);"
			print "select probing.clean();\ndeallocate all;"
		}'
}

# Whether what the server did is what the rows claim, and whether every word of theirs was tried.
verdict() {
	awk -F '\t' '
		FILENAME == "rows" { split($0, part, " "); row = part[1]; pattern[row] = substr($0, length(row part[2]) + 3); next }
		FILENAME == "paired" { mark[$1] = $2; text[$1] = $3; split($5, claim, " "); claimed[$1] = claim[2]; code[$1] = claim[4]
			kept[$1] = claim[5]; tried[claim[1]] = tried[claim[1]] " " tolower($3) " "; count = $1; next }
		/^sample / { number = substr($0, 8); next }
		/^refused / { refused[number] = substr($0, 9) }
		/^ran$/ { ran[number] = 1 }
		/^checked / { checked[number] = $0 }
		/^code$/ { getline; known[number] = $0 }
		/^state / { state[number] = substr($0, 7) }
		END {
			split(state[0], clean, " ")
			for (i = 1; i <= count; i++) {
				split(state[i], now, " ")
				if ((mark[i] == "!") != (refused[i] != "" && !ran[i])) print "refused, or not: " text[i] ": " refused[i]
				if (mark[i] ~ /[+=]/ && (!code[i] || known[i] != "t" || !ran[i] || (mark[i] == "+" && checked[i] !~ /rung: code /)))
					print "lets code run, but this is not known: " text[i] ": " code[i] " " known[i] " " ran[i] checked[i]
				if (mark[i] ~ /[+=]/) continue
				if (mark[i] == "*" && !ran[i]) print "runs no code: " text[i]
				if (claimed[i] != "leaves" && ran[i]) print "runs code, but is taken for " claimed[i] ": " text[i]
				if (claimed[i] == "leaves" || mark[i] == "!") continue
				if (now[4] != clean[4] || (now[3] != clean[3] && !kept[i])) print "leaves something: " text[i] ": " state[i]
				if (claimed[i] == "inert" && (now[1] != clean[1] || now[2] != clean[2])) print "changes settings: " text[i]
			}
			for (row in pattern) {
				n = split(pattern[row], element, " ")
				for (i = 1; i <= n; i++) {
					if (element[i] ~ /^[?][^|]*$/) continue
					words = split(tolower(element[i]), word, /[^A-Za-z_0-9]+/)
					for (j = 1; j <= words; j++)
						if (word[j] && tried[row] !~ "[^a-z_0-9]" word[j] "[^a-z_0-9]")
							print "no sample with " word[j] " of row " row ": " pattern[row]
				}
			}
		}' rows paired answers
}

holds() {
	sql "$(<"$TESTS/lib/kinds_world.sql")"
	samples "$(($(sql "show server_version_num") / 10000))"
	"$RUNG_TEST_PROGRAMS/kinds" rows >rows
	paste samples judged >paired
	script >script.sql
	psql -XAtq -d "$DATABASE_URL" -f script.sql >answers 2>messages
	assert_equal "$(verdict)" ""
	assert_equal "$(grep -c '^sample ' answers)" "$(($(wc -l <samples) + 1))"
}

@test "what is taken for inert changes nothing in the session, whatever code the database holds" {
	holds
}

@test "nor does it on the oldest and the newest server" {
	long_only
	local major
	for major in 12 14 16 18; do
		server_start_other "$major"
		holds
	done
}
