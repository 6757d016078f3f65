#!/usr/bin/env bash
# check_answers.sh - does code that reads the first row of a result know that there is one?
#
# The reading functions end the process where there is none (pg/query.h); a user should get an
# error instead. So a function that asks and reads row 0 asks with query_row(), or looks at
# rows_are_one() or rows_count(). Functions that are handed the rows are their callers'
# care. What is read of a row has a name: an enum beside the query's reader, never a bare number, which nothing ties
# to the select list. In the same way a statement of a file is sent as statement_sql() gives it (sql/script.h),
# which fails where the file was cut short; what is only looked at may be copied. SOURCES
# names another src/.
set -eu

cd "$(dirname "$0")/.."
sources=${SOURCES:-src}

# From the line of a function's name to the brace that closes it.
# shellcheck disable=SC2016 # for awk
unasked=$(find "$sources" -name '*.c' -print0 | sort -z | xargs -0 awk '
	/^[a-z_].*\(/ && !/;$/ { head = $0; body = ""; at = FNR; name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	{ body = body "\n" $0 }
	/^}/ {
		given = body
		sub(/\n\{.*/, "", given)
		if (given !~ /struct (rows|reply) \*/ &&
		    body ~ /rows_(text|number|flag|copy)\([a-z_>.-]+, 0,/ &&
		    body !~ /(query_row|rows_are_one|rows_count)\(/)
			printf "  %s:%d %s\n", FILENAME, at, name
		body = ""
	}')

if [ -n "$unasked" ]; then
	printf 'answers: the first row is read, and nobody asked whether it is there (pg/query.h)\n%s\n' "$unasked"
	echo "answers: 0 passed, 1 failed"
	exit 1
fi
# The whole of a file at once: a call may go over several lines.
# shellcheck disable=SC2016 # for awk
numbered=$(find "$sources" -name '*.c' -print0 | sort -z | xargs -0 awk '
	function look(file, text,    call) {
		while (match(text, /rows_(text|number|flag|copy)\([^,()]+, *([^,()]|\([^()]*\))+, *[0-9]+ *[,)]/)) {
			call = substr(text, RSTART, RLENGTH)
			printf "  %s %s\n", file, call
			text = substr(text, RSTART + RLENGTH)
		}
	}
	FNR == 1 { if (NR > 1) look(name, all); all = ""; name = FILENAME }
	{ gsub(/\t/, " "); all = all " " $0 }
	END { look(name, all) }')
if [ -n "$numbered" ]; then
	printf 'answers: a column is read by its number; give it a name in an enum (pg/query.h)\n%s\n' "$numbered"
	echo "answers: 0 passed, 1 failed"
	exit 1
fi
# The files that look at a copy, or prove it themselves.
looks='apply/step/error_position.c apply/nontransactional/nontransactional.c apply/step/step_script_open.c migration/batch_directive.c sql/source.c'
for file in $(cd "$sources" && grep -rlE 'str_copy\([^()]*(statement|first)->text\)' . | sed 's,^\./,,'); do
	case " $looks " in *" $file "*) continue ;; esac
	printf 'answers: %s copies a statement past statement_sql()\n' "$file"
	echo "answers: 0 passed, 1 failed"
	exit 1
done
echo "answers: 1 passed, 0 failed"
