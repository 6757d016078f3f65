# How far a backup has come: said on a terminal while it is made, and not in a pipe.

load ../lib/rung
load ../lib/store
load ../lib/backup

setup() {
	rung_setup
	store_forget
	backup_setup
	sql "create table noted as select g as id, md5(g::text) || repeat(md5((g+1)::text), 10) as note from generate_series(1, 15000) g"
}

teardown() {
	backup_teardown
	rung_teardown
}

# A pg_dump that writes a little at a time until the file "screen" shows what is left to do.
trickling_pg_dump() {
	local bin=$PROJECT/bin real
	real=$(server_bindir)
	mkdir -p "$bin"
	ln -sf "$real/pg_restore" "$bin/pg_restore"
	cat >"$bin/pg_dump" <<-EOF
		#!/bin/bash
		case \$1 in --version) exec "$real/pg_dump" --version ;; esac
		set -o pipefail
		"$real/pg_dump" "\$@" | {
			for _ in {1..600}; do
				if grep -q ' left' "$PROJECT/screen"; then break; fi
				head -c 8000
				sleep 0.05
			done
			cat
		}
	EOF
	chmod 755 "$bin/pg_dump"
	echo "$bin"
}

@test "a terminal shows bytes, rate, share and the time left while a backup is made" {
	need_terminal
	: >screen
	run env TERM=xterm script -qfec "'$RUNG' backup --pg-bindir '$(trickling_pg_dump)'" screen
	assert_status 0
	# One line, redrawn: each time it is erased first.
	tr '\r' '\n' <screen | grep 'backing up' | tail -n 1 >line
	grep -E '[0-9]+ %  backing up, [0-9.]+ [kM]B, [0-9.]+ [kM]?B/s, [0-9][0-9a-z. ]* left' line ||
		fail "this is no progress: $(cat line)"
	assert_equal "$(grep -o '%' line | wc -l)" 1
	grep -q $'\r\e\\[K' screen
	assert_equal "$(backup_count)" 1
}

@test "a pipe and a log see none of it" {
	run_rung backup
	assert_status 0
	refute_errors_contain "backing up,"
	refute_errors_contain $'\r'
	assert_errors_contain "backed up"
}

@test "who wants quiet has it on a terminal, too" {
	need_terminal
	run env TERM=xterm script -qfec "'$RUNG' backup --quiet" screen
	assert_status 0
	assert_equal "$(grep -c 'backing up' screen)" 0
}
