#!/usr/bin/env bash
# check_advice.sh - is every command that messages advise run by a test, as it is printed?
#
# Lists the commands that string literals of src/ quote ("rung repair 12"), with % for what differs, and
# looks for each in the cases: advised 'COMMAND' runs it as printed, next_is 'COMMAND' what status names.
# Texts of help pages are left out; they are documentation, and tests/unit/command/help/examples.c reads theirs. --list prints the commands. SOURCES and CASES name
# other directories.
set -eu

cd "$(dirname "$0")/.."
sources=${SOURCES:-src}
cases=${CASES:-tests}

# The literals of each statement as one text, PRId64 and its like as %; one line a text.
# shellcheck disable=SC2016 # those are awk's
texts() {
	find "$sources" -name '*.c' ! -name 'help_topic.c' ! -name 'exit_code.c' ! -name 'manual.c' ! -name 'completion.c' -print0 |
		sort -z | xargs -0 awk '
		FNR == 1 { flush(); comment = 0; help = 0 }
		{
			line = $0
			while (line != "") {
				if (comment) {
					end = index(line, "*/")
					if (!end) break
					line = substr(line, end + 2)
					comment = 0
				} else if (substr(line, 1, 2) == "/*") {
					comment = 1
				} else if (substr(line, 1, 2) == "//") {
					break
				} else if (substr(line, 1, 1) == "\"") {
					match(line, /^"([^"\\]|\\.)*"/)
					if (RSTART == 0) break
					if (!help) text = text substr(line, 2, RLENGTH - 2)
					line = substr(line, RLENGTH + 1)
				} else if (match(line, /^(PRId64|PRIu64)/)) {
					line = substr(line, RLENGTH + 1)
				} else if (match(line, /^#include|^ERROR_FILES_/)) {
					flush()
					help = 1
					line = substr(line, RLENGTH + 1)
				} else {
					c = substr(line, 1, 1)
					if (c != " " && c != "\t") flush()
					if (c ~ /[;,}]/) help = 0
					line = substr(line, 2)
				}
			}
		}
		END { flush() }
		function flush() {
			if (text != "") print text
			text = ""
		}'
}

# What begins like a command and is none, and commands whose provocation is no business of a test here.
passed_over=(
	'rung decides where transactions begin and end' # no command
	'rung backup % of %'                            # the comment of a dump
	'rung local'                                    # named as what made a directory
	'rung import tern'                              # history/shape.c, as with "rung import %"
	'rung log'                                      # report.c: a disk that is full where the log file is
	'rung local status'                             # a server that takes minutes to stop
	'rung prune-backups'                            # a full disk, see backup_space.bats
)

# Quoted, alone in its literal, or after "with: " and "Next: ".
commands() {
	texts | grep -E 'rung [a-z]' |
		sed -E -e 's/%(-?[0-9]*|\.\*)(z|ll|l)?[sduc]/%/g' -e 's/\\"rung ([^"\\]*)\\"/\n@rung \1\n/g' |
		sed -nE -e 's/^@//p' -e '/^rung [a-z]+( [^.,]*)?$/p' -e 's/^.*(with|Next): (rung .*)$/\2/p' |
		sed -e 's/\\"/"/g' -e 's/ $/ %/' | sort -u |
		grep -vxF -f <(printf '%s\n' "${passed_over[@]}")
}

if [ "${1:-}" = --list ]; then
	commands
	exit 0
fi

missing=
while IFS= read -r command; do
	if ! grep -rqF -e "advised '$command'" -e "next_is '$command'" -e "next_is \"$command\"" "$cases" --include='*.bats'; then
		missing="$missing  $command"$'\n'
	fi
done < <(commands)

if [ -n "$missing" ]; then
	printf 'advice: printed, and run by no test (tests/cases/advice.bats)\n%s' "$missing"
	echo "advice: 0 passed, 1 failed"
	exit 1
fi
echo "advice: 1 passed, 0 failed"
