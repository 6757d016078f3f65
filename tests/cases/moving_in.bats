# docs/moving-in.md says which test proves what; those tests and files must be there.

load ../lib/rung

# No database, no project.
setup() { :; }
teardown() { :; }

PAGE=$ROOT/docs/moving-in.md

# The titles of a bats file, one a line.
titles() { sed -n 's/^@test "\(.*\)" {$/\1/p' "$1" | sed 's/\\"/"/g'; }

# Prints "bats file<TAB>claim" for the last cell of every row; the heading of the table links the file.
claims() {
	awk -v root="$ROOT/docs" '
		/^\| (their guide|procedure)/ {
			match($0, /\]\([^)]*\.bats\)/)
			file = root "/" substr($0, RSTART + 2, RLENGTH - 3)
			next
		}
		!/^\|/ { file = "" }
		/^\|/ && !/^\|-/ && file {
			cells = split($0, cell, "|")
			print file "\t" cell[cells - 1]
		}' "$PAGE"
}

# Titles may hold what separates claims, so each piece must be part of some title.
@test "every test that moving-in.md names exists" {
	local file claim piece known missing=0 count=0
	while IFS=$'\t' read -r file claim; do
		[ -f "$file" ] || fail "no such file: $file"
		known=$(titles "$file" | tr '[:upper:]' '[:lower:]')
		while IFS= read -r piece; do
			count=$((count + 1))
			contains "$known" "$piece" || { echo "${file##*/} has no test \"$piece\"" && missing=1; }
		done < <(sed -e 's/\[[^]]*\]([^)]*)//g' -e 's/ ([^)]*)//g' -e 's/…/\n/g' -e 's/; /\n/g' <<<"$claim" |
			sed -e 's/^[ ,]*//' -e 's/ *$//' -e '/^all$/d' -e '/^$/d' | tr '[:upper:]' '[:lower:]')
	done < <(claims)
	[ "$count" -gt 100 ]
	[ "$missing" -eq 0 ]
}

@test "every file that moving-in.md and the examples link to exists" {
	local page link missing=0
	for page in "$PAGE" "$ROOT"/docs/examples/*.md; do
		while IFS= read -r link; do
			[ -e "${page%/*}/$link" ] || { echo "${page##*/}: $link" && missing=1; }
		done < <(grep -o '](\.*[a-zA-Z/_.-]*)' "$page" | sed -e 's/^](//' -e 's/)$//')
	done
	[ "$missing" -eq 0 ]
}
