#!/usr/bin/env bash
# check_words.sh - do texts use the field's words, and name files that exist?
#
# Looks for words that this project once used in a sense of its own (docs/style.md, "Words"): in src/, in README,
# docs/, .github/ and the other pages, and in the titles of tests. CHANGELOG is left out, because it may quote old
# names. A line with such a word passes if scripts/allowed_words.txt has the file, a tab, and a piece of
# the line; a row that allows nothing any more is an error. Files that pages name in backquotes, with an
# ending of ours, have to exist in the tree. ROOT is another tree to look at.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "${ROOT:-$here/..}"
allowed=scripts/allowed_words.txt
passed=0
failed=0

# Whole words; "_" and capitals inside a word make it an identifier, and another word.
words='flights?|passages?|climb(s|ed|ing)?|ladders?|witness(es|ed)?|mend(s|ed|ing)?|twins?|lookouts?|look out
leftovers?|vaults?|ways? back|way_back|mishaps?|besides|sees to|see to it|whoever|go(es|ing) on|hands over
seniority|barred'
pattern=$(tr '\n' '|' <<<"$words" | sed 's/|$//')

conclude() {
	if [ -z "$2" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s:\n%s\n' "$1" "$2"
	fi
}

pages() {
	find . -path ./build -prune -o -path ./.git -prune -o -path ./.rung -prune -o -path ./tests/systems -prune -o \
		-name '*.md' ! -name CHANGELOG.md -print | sed 's,^\./,,' | sort
}

# "file:line:text" of each place where one of the words is.
places() {
	{
		grep -rniwE "$pattern" src --include='*.[ch]' --include='*.sql' --include='*.txt' || true
		pages | xargs grep -niwE "$pattern" /dev/null || true
		grep -rniwE "$pattern" .github rung.ini docs --include='*.yml' --include='*.ini' --include='*.sh' || true
		grep -rnE '^@test "' tests --include='*.bats' | grep -iwE "$pattern" || true
		# Titles of unit tests are identifiers.
		grep -rnE '^TEST\(' tests/unit --include='*.c' |
			awk -v words="$pattern" '{ text = $0; gsub(/_/, " ", text); if (tolower(text) ~ ("(^|[^a-z])(" words ")([^a-z]|$)")) print }'
	} | sed 's,^\./,,'
}

# Without what the list allows; "unused" lists the rows of it that allow nothing.
judge() {
	places | awk -F '\t' -v list="$allowed" -v what="$1" '
		BEGIN {
			while ((getline row < list) > 0) {
				if (row == "" || row ~ /^#/) continue
				split(row, part, "\t")
				file[++count] = part[1]
				piece[count] = part[2]
				rows[count] = row
			}
		}
		{
			found = 0
			for (i = 1; i <= count; i++)
				if (index($0, file[i] ":") == 1 && index($0, piece[i])) found = used[i] = 1
			if (!found && what == "words") print "  " $0
		}
		END {
			if (what == "unused")
				for (i = 1; i <= count; i++)
					if (!used[i]) print "  " rows[i]
		}'
}

# Names in backquotes that end as our files do; NAME, NN and ID stand for others, and a path may be shortened.
missing_files() {
	local tree page name
	tree=$(find . -path ./build -prune -o -path ./.git -prune -o -type f -print | sed 's,^\./,/,')
	for page in README.md CONTRIBUTING.md SECURITY.md docs/architecture.md docs/style.md docs/psql.md docs/decisions/*.md; do
		[ -f "$page" ] || continue
		# shellcheck disable=SC2016 # backquotes of Markdown
		grep -oE '`[A-Za-z0-9_./-]+\.(c|h|sql|sh|bats)`' "$page" | tr -d '`' | sort -u | while read -r name; do
			case $name in *NAME* | *NN* | rollback/* | utils.c | *[!a-z0-9_./-]*) continue ;; esac
			grep -qF "/$name" <<<"$tree" || echo "  $page: $name"
		done
	done
}

conclude "words of our own ($allowed allows exceptions)" "$(judge words)"
conclude "rows of $allowed that allow nothing" "$(judge unused)"
conclude "pages name files that are not there" "$(missing_files)"
echo "words: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
