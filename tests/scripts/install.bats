# make install puts the program, its manual and its completions where a package would.

load ../lib/rung

@test "install and uninstall leave nothing behind" {
	run make -s -C "$ROOT" install DESTDIR="$PROJECT/root" PREFIX=/usr
	assert_status 0
	run "$PROJECT/root/usr/bin/rung" version
	assert_status 0
	assert_output_contains "$(cat "$ROOT/VERSION")"
	grep -q '^\.Dt RUNG 1' root/usr/share/man/man1/rung.1
	bash -n root/usr/share/bash-completion/completions/rung
	test -s root/usr/share/zsh/site-functions/_rung
	test -s root/usr/share/fish/vendor_completions.d/rung.fish

	make -s -C "$ROOT" uninstall DESTDIR="$PROJECT/root" PREFIX=/usr
	assert_equal "$(find root -type f)" ""
}

# complete WORD… - what bash offers for the last word
complete_words() {
	bash -c 'source <("$0" completion bash); COMP_WORDS=(rung "$@"); COMP_CWORD=$#; _rung; echo "${COMPREPLY[@]}"' "$RUNG" "$@"
}

@test "bash completes verbs, options, topics and fixed words" {
	assert_equal "$(complete_words upg)" upgrade
	assert_equal "$(complete_words upgrade --dry)" --dry-run
	assert_equal "$(complete_words local st)" "start stop status"
	assert_equal "$(complete_words completion z)" zsh
	assert_equal "$(complete_words help exit)" exit-codes
	assert_equal "$(complete_words verify-backup la)" latest
}
