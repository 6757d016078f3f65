#!/usr/bin/env bash
# check_floors.sh - does src/ keep to its floors, doors and names?
#
#	floors    a file includes its own folder and the floors below
#	doors     foreign headers are included only where STYLE says
#	names     nothing of ours is called like a symbol of libpg_query
#	headers   what is not static is declared in a header, and what is declared there is defined
#	private   NAME_internal.h is included in its own folder only
#	basenames each exists once in src/ (a header and its source share one)
#	circles   no header includes itself by way of others, and no two sources call each other
#	reads     the history is read where row-level security is an error (history_read)
#	tables    no list of our tables but the one of pg/history_table.c
#	openings  a source of more than a hundred lines opens with its argument
#
# Names, headers and calls look at object files and need a build. Function lengths are only
# reported. OBJECTS is where the object files are (build/obj).
set -eu

cd "$(dirname "$0")/.."
objects=${OBJECTS:-build/obj}
passed=0
failed=0
skipped=0

# Folders by floor, ground floor first; those on one line do not know each other.
floors='
base
sql config report
migration pg stream
crypto
store
history catalog lint backup fleet
plan generate
apply
command
main
'

# A header, and the files that may include it. libsodium has a door for each format
# made with it: files (age*), their keys, signatures; and for the memory and the
# text that keys are kept in. Everything else asks these.
doors='
libpq-fe.h|pg/*
libpq/*|pg/*
pg_query.h|sql/parse*.c
curl/*|store/store_curl.h
expat.h|store/xml.c
zstd.h|stream/zstd.c
sodium.h|base/digest.c crypto/age*.c crypto/key.c crypto/minisign.c crypto/secret.c crypto/base64.c
openssl/*|base/digest.c crypto/age.c
ini.h|config/*
jansson.h|base/* report/* sql/parse.c backup/json_table.c
'

# Names libpg_query uses up for itself.
taken='^(pg_|list_|hash_|make|append|scanner_)'

# Two sources that call each other and are to: a line each, with the reason.
circles='
command/command command/help/completion: the table of verbs holds the verb that lists them
command/command command/help/help: the same of the one that describes them
report/event report/report: what a log lost is told as an event
'

# Folders in which some of the larger sources still have to be given one.
without_openings=''

# Ends one check: its name, and what it found, empty when all is well.
conclude() {
	if [ -z "$2" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s:\n%s\n' "$1" "$2"
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "$1: skipped, $2"
}

# Prints "file header" of every include in quotes, or "file <header>" in brackets.
includes() {
	find src -name '*.[ch]' -exec awk '
		/^[ \t]*#[ \t]*include[ \t]+["<]/ {
			split($0, part, /["<>]/)
			print substr(FILENAME, 5), (index($0, "<") ? "<" part[2] ">" : part[2])
		}' {} +
}

# The floor a folder is on, and its line in the table.
check_floors() {
	includes | awk -v floors="$floors" '
		BEGIN {
			count = split(floors, line, "\n")
			for (i = 1; i <= count; i++) {
				n = split(line[i], folder, " ")
				for (j = 1; j <= n; j++)
					level[folder[j]] = i
			}
		}
		$2 ~ /^</ || $2 == "queries.h" || $2 == "help_texts.h" { next }
		{
			from = $1; to = $2
			if (!sub(/\/.*/, "", from)) from = "main"
			if (!sub(/\/.*/, "", to)) { print "  src/" $1 " includes \"" $2 "\" without its folder"; next }
			if (!(from in level)) print "  src/" $1 " is on no floor"
			else if (!(to in level)) print "  src/" $1 " includes \"" $2 "\", which is on no floor"
			else if (from != to && level[to] >= level[from])
				print "  src/" $1 " includes \"" $2 "\"; " from "/ may not know " to "/"
		}'
}

# shellcheck disable=SC2254 # the table holds patterns
check_doors() {
	includes | while read -r file header; do
		case $header in '<'*) header=${header#<} header=${header%>} ;; *) continue ;; esac
		while IFS='|' read -r foreign files; do
			if [ -z "$foreign" ]; then continue; fi
			case $header in $foreign) ;; *) continue ;; esac
			open=
			set -f
			for allowed in $files; do
				case $file in $allowed) open=1 ;; esac
			done
			set +f
			if [ -z "$open" ]; then echo "  src/$file includes <$header>, whose door is: $files"; fi
		done <<<"$doors"
	done
}

# A header that only its own folder may include says so by its name.
check_private() {
	includes | awk '$2 ~ /_internal[.]h$/ {
		from = $1; to = $2
		sub(/\/[^\/]*$/, "", from); sub(/\/[^\/]*$/, "", to)
		if (from != to) print "  src/" $1 " includes \"" $2 "\", which is private to " to "/"
	}'
}

# Walks from header to header; one that is met again on the way closes a circle.
check_header_circles() {
	includes | awk '
		$1 ~ /[.]h$/ && $2 ~ /[.]h$/ { includes[$1] = includes[$1] " " $2 }
		function walk(header, way,    next_one, count, i) {
			state[header] = "open"
			count = split(includes[header], next_one, " ")
			for (i = 1; i <= count; i++)
				if (state[next_one[i]] == "open") print "  in a circle: src/" next_one[i] " by way of" way " " header
				else if (!state[next_one[i]]) walk(next_one[i], way " " header)
			state[header] = "done"
		}
		END { for (header in includes) if (!state[header]) walk(header, "") }'
}

# "file file symbol symbol": the first calls the second, which calls the first. A circle of three is not looked
# for: files of one floor may hand each other down.
call_circles() {
	our_objects | while read -r object; do
		file=${object#"$objects"/}
		nm "$object" | awk -v file="${file%.o}" '$1 == "U" { print file, "U", $2 } $2 ~ /^[TDBR]$/ { print file, "D", $3 }'
	done | awk '
		$2 == "D" { home[$3] = $1 }
		$2 == "U" { user[++count] = $1; used[count] = $3 }
		END {
			for (i = 1; i <= count; i++)
				if ((used[i] in home) && home[used[i]] != user[i]) calls[user[i], home[used[i]]] = used[i]
			for (pair in calls) {
				split(pair, file, SUBSEP)
				if (file[1] < file[2] && (file[2], file[1]) in calls)
					print file[1], file[2], calls[pair], calls[file[2], file[1]]
			}
		}' | sort
}

check_call_circles() {
	call_circles | awk -v circles="$circles" '
		BEGIN {
			for (n = split(circles, line, "\n"); n; n--)
				if (split(line[n], known, /:? /) > 1) reason[known[1] " " known[2]] = 1
		}
		{ met[$1 " " $2] = 1 }
		!(($1 " " $2) in reason) { print "  src/" $1 ".c calls " $3 "() of src/" $2 ".c, which calls " $4 "() of it" }
		END { for (pair in reason) if (!(pair in met)) print "  no longer a circle: " pair }'
}

# Who is told a file's name finds one file.
check_basenames() {
	find src -name '*.[ch]' -o -name '*.sql' | sed 's#.*/##' | sort | uniq -d | sed 's/^/  more than one: /'
}

# Objects whose source has gone do not count.
our_objects() {
	find "$objects" -name '*.o' | while read -r object; do
		source=${object#"$objects"/}
		if [ -f "src/${source%.o}.c" ]; then echo "$object"; fi
	done
}

# Global functions of ours, one a line.
our_functions() {
	our_objects | xargs nm --defined-only | awk '$2 == "T" && $3 != "main" { print $3 }' | sort -u
}

# Everything libpg_query defines, where its library can be found.
their_names() {
	local library
	library=$(${CC:-cc} -print-file-name=libpg_query.so)
	if [ -f "$library" ]; then nm -D --defined-only "$library" | awk '{ print $3 }' | sort -u; fi
}

check_names() {
	our_functions | grep -E "$taken" | sed 's/^/  taken by libpg_query: /'
	comm -12 <(our_functions) <(their_names) | sed 's/^/  defined by libpg_query too: /'
}

check_headers() {
	comm -23 <(our_functions) <(find src -name '*.h' -exec grep -hoE '\b[a-z_][a-z0-9_]*\(' {} + | tr -d '(' | sort -u) |
		sed 's/^/  neither static nor declared in a header: /'
}

# What a header promises and no source keeps: mostly what is left when a function has gone.
check_promises() {
	comm -23 <(find src -name '*.h' -exec awk '
		/^(static|typedef|extern|#|\/)/ { next }
		/^[a-zA-Z_].*[a-z0-9_]\(/ { sub(/\(.*/, ""); sub(/.*[ *]/, ""); print }' {} + | sort -u) <(our_functions) |
		sed 's/^/  declared in a header and defined nowhere: /'
}

# A plain query() would see only the rows that policies let it see. The audit looks at catalogs.
check_reads() {
	find src -name '*.c' ! -path src/history/load.c ! -path src/history/audit.c -print0 |
		xargs -0 grep -HPzo '\bquery(_simple)?\([^;{}]*SQL_(history_|backup_logged_backups\b)\w*' |
		tr '\0\n\t' '\n  ' | sed -n 's/^src/  src/p'
}

# A table that is missing from a list of its own is somebody else's there.
check_tables() {
	find src \( -name '*.c' -o -name '*.sql' \) ! -name history_table.c -exec awk '
		/:.history_log.[^_].*:.history_(step|batch|catalog).|"_log".*"_(step|batch|catalog)"/ { print "  " FILENAME ":" FNR }
		/"_(log|run|step|batch|catalog)"/ { if (seen[FILENAME]++ == 1) print "  " FILENAME ":" FNR }' {} +
}

# A comment before the first #include that is more than a title: why the file is made as it is.
check_openings() {
	find src -name '*.c' -exec awk -v exempt="$without_openings" '
		BEGIN { for (n = split(exempt, folder, " "); n; n--) is_exempt["src/" folder[n]] = 1 }
		FNR == 1 { in_opening[FILENAME] = /^\/\*/ }
		/^#/ { in_opening[FILENAME] = 0 }
		in_opening[FILENAME] && /[a-z]/ { opening[FILENAME]++ }
		{ lines[FILENAME] = FNR }
		END {
			for (file in lines) {
				split(file, part, "/")
				if (lines[file] > 100 && opening[file] < 2 && !(part[1] "/" part[2] in is_exempt))
					print "  " file " has " lines[file] " lines and does not open with its argument"
			}
		}' {} + | sort
}

# Functions longer than a tale should be: a report, not a claim.
long_functions() {
	find src -name '*.c' -exec awk '
		/^[a-zA-Z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
		/^\{/ { start = FNR }
		/^\}/ && start { if (FNR - start - 1 > 50) print "  " FNR - start - 1 " lines: " name " in " FILENAME; start = 0 }
	' {} + | sort -rn -k1
}

conclude floors "$(check_floors)"
conclude doors "$(check_doors)"
conclude private "$(check_private)"
conclude "header circles" "$(check_header_circles)"
conclude basenames "$(check_basenames)"
conclude reads "$(check_reads)"
conclude tables "$(check_tables)"
conclude openings "$(check_openings)"
if [ -n "$(find "$objects" -name '*.o' 2>/dev/null | head -n 1)" ]; then
	conclude names "$(check_names || true)"
	conclude headers "$(check_headers || true)"
	conclude promises "$(check_promises || true)"
	conclude "call circles" "$(check_call_circles)"
else
	skip "names, headers and calls" "nothing is built in $objects"
fi

long=$(long_functions)
if [ -n "$long" ]; then printf 'long functions, to look at:\n%s\n' "$long"; fi

echo "structure: $passed passed, $failed failed$(if [ "$skipped" -gt 0 ]; then echo ", $skipped skipped"; fi)"
[ "$failed" -eq 0 ]
