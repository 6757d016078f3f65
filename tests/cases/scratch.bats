# scratch servers: what initdb makes is kept in the cache directory, and copied from then on.

load ../lib/rung

setup() {
	rung_setup
	export TMPDIR=$PROJECT/tmp XDG_CACHE_HOME=$PROJECT/cache
	mkdir -m 1777 "$TMPDIR"
	mkdir -m 755 bin "$XDG_CACHE_HOME"
	chmod 755 .
	: >initdb.log
	chmod 666 initdb.log
	ln -s "$(server_bindir)/postgres" bin/postgres
	cat >bin/initdb <<-SH
		#!/bin/sh
		case \$1 in --version) ;; *) echo run >>"$PROJECT/initdb.log" ;; esac
		exec "$(server_bindir)/initdb" "\$@"
	SH
	chmod 755 bin/initdb
	export RUNG_PG_BINDIR=$PROJECT/bin
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
}

clusters() { find "$XDG_CACHE_HOME/rung/clusters" -mindepth 1 -maxdepth 1 ${1:+-name "$1"}; }

# passes RUNS - it passes, and initdb has run so often by now.
passes() {
	run_rung test
	assert_status 0
	assert_equal "$(wc -l <initdb.log)" "$1"
	assert_equal "$(clusters '*.new-*')" ''
	assert_equal "$(find "$TMPDIR" -maxdepth 1 -name 'rung-scratch.*')" ''
}

@test "initdb runs once, and again when its product is damaged or of another release" {
	passes 1
	kept=$(clusters)
	assert_equal "$(wc -l <<<"$kept")" 1
	passes 1
	: >"$kept/data/base/1/1259" # as a power cut leaves it
	passes 2
	rm "$(clusters)/data/global/pg_control"
	passes 3
	head -c 8192 /dev/zero | dd of="$(clusters)/data/global/pg_control" conv=notrunc status=none # no server starts in it
	passes 4
	passes 4
	touch -d '2001-01-01' bin/initdb
	passes 5
	assert_equal "$(clusters | wc -l)" 1
	[ "$(clusters)" != "$kept" ]
}

@test "a cache that is not ours alone is left alone" {
	mkdir -m 700 elsewhere
	ln -s "$PROJECT/elsewhere" "$XDG_CACHE_HOME/rung"
	passes 1
	assert_equal "$(ls elsewhere)" ''
	rm "$XDG_CACHE_HOME/rung"
	mkdir -m 777 "$XDG_CACHE_HOME/rung"
	chmod 777 "$XDG_CACHE_HOME/rung"
	passes 2
	assert_equal "$(ls "$XDG_CACHE_HOME/rung")" ''
	chmod 700 "$XDG_CACHE_HOME/rung"
	passes 3
	passes 3
	chmod 770 "$(clusters)" # who may write there could have put anything in
	passes 4
	if [ "$(id -u)" -eq 0 ]; then
		chmod 700 "$(clusters)"
		chown daemon "$XDG_CACHE_HOME/rung"
		passes 5
	fi
	rm -rf "$XDG_CACHE_HOME"
	: >"$XDG_CACHE_HOME"
	run_rung test
	assert_status 0
}

@test "a scratch database stores text as its model does" {
	local name words urls=()
	while read -r name words; do
		sql "create database ${TEST_DATABASE}_$name template template0 $words" 2>/dev/null || continue # not on this server
		urls+=("$(url_of_database "$DATABASE_URL" "${TEST_DATABASE}_$name")")
	done <<-'SQL'
		plain
		latin encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'
		icu locale_provider icu icu_locale 'de-DE'
		rules locale_provider icu icu_locale 'en' icu_rules '&a < g'
		builtin locale_provider builtin builtin_locale 'C.UTF-8'
	SQL
	test_databases+=("${urls[@]}")
	run "${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/scratchtool" like "${urls[@]}"
	assert_equal "$status" 0
	[ "${#lines[@]}" -ge 2 ]
	assert_equal "$output" "$(for name in "${urls[@]}"; do name=${name%%\?*} && echo "${name##*/}: the same"; done)"
}

@test "two runs at once keep one whole, and what a killed one leaves is removed" {
	start_rung test
	first=$rung_pid
	run_rung test
	assert_status 0
	finish_rung "$first"
	assert_status 0
	assert_equal "$(clusters '*.new-*')" ''
	rm -rf "$XDG_CACHE_HOME/rung"
	: >initdb.log
	cat >bin/cp <<-SH
		#!/bin/sh
		echo \$\$ >"$TMPDIR/copying"
		exec sleep 60
	SH
	chmod 755 bin/cp
	PATH=$PROJECT/bin:$PATH start_rung test
	wait_until 30 test -s "$TMPDIR/copying"
	kill -KILL "$rung_pid"
	finish_rung || true
	kill "$(cat "$TMPDIR/copying")"
	assert_equal "$(clusters '*.new-*' | wc -l)" 1
	passes 2
	assert_equal "$(clusters | wc -l)" 1
	passes 2
}
