# The check of words finds each thing it looks for in a tree where it was planted.

load ../lib/rung

# No database, no project.
setup() { TREE=$BATS_TEST_TMPDIR/tree; }
teardown() { :; }

@test "a word of our own, an allowance for nothing and a file that is not there are found" {
	mkdir -p "$TREE"/{src/base,docs,.github,scripts,tests/unit}
	touch "$TREE/rung.ini"
	printf 'docs/a.md\tup the ladder\n' >"$TREE/scripts/allowed_words.txt"
	echo 'One goes up the ladder.' >"$TREE/docs/a.md"
	ROOT=$TREE run "$ROOT/scripts/check_words.sh"
	[ "$status" -eq 0 ]

	echo '/* Sent in one flight. */' >"$TREE/src/base/a.c"
	echo 'TEST(the_way_back_is_kept)' >"$TREE/tests/unit/a.c"
	# shellcheck disable=SC2016 # backquotes of Markdown
	echo 'See `src/base/nowhere.c`.' >"$TREE/README.md"
	printf 'docs/a.md\tnothing\n' >>"$TREE/scripts/allowed_words.txt"
	ROOT=$TREE run "$ROOT/scripts/check_words.sh"
	[ "$status" -eq 1 ]
	[[ $output == *"src/base/a.c:1:"* && $output == *"the_way_back"* ]]
	[[ $output == *"docs/a.md	nothing"* && $output == *"README.md: src/base/nowhere.c"* ]]
}
