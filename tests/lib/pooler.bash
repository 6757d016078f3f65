# shellcheck shell=bash
# pooler.bash - what can be between the program and its server: PgBouncer and the proxy

# pgbouncer_start [transaction|session] - DATABASE_URL goes through it from then on;
# DIRECT_URL keeps the way around it. Skips the test where PgBouncer is not installed.
pgbouncer_start() {
	local dir=$RUNG_RUN/pgbouncer-$BATS_SUITE_TEST_NUMBER-$RANDOM
	command -v pgbouncer >/dev/null || PATH=$PATH:/usr/sbin
	command -v pgbouncer >/dev/null || skip "pgbouncer is not installed"
	if [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then skip "pgbouncer is tested in front of the private server"; fi

	server_folder "$dir"
	printf '"%s" ""\n' postgres ${PGBOUNCER_USER:+"$PGBOUNCER_USER"} >"$dir/users"
	cat >"$dir/pgbouncer.ini" <<-INI
		[databases]
		* = host=$RUNG_RUN/$TEST_SERVER port=5432
		[pgbouncer]
		listen_addr = ${PGBOUNCER_ADDRESS:-}
		unix_socket_dir = $dir
		listen_port = ${PGBOUNCER_PORT:-6432}
		auth_type = trust
		auth_file = $dir/users
		admin_users = postgres
		pool_mode = ${1:-transaction}
		max_client_conn = 200
		default_pool_size = ${PGBOUNCER_POOL_SIZE:-20}
		ignore_startup_parameters = ${PGBOUNCER_IGNORES:-extra_float_digits,options}
		logfile = $dir/log
		pidfile = $dir/pid
	INI
	(cd / && as_server_user pgbouncer "$dir/pgbouncer.ini") </dev/null >/dev/null 2>&1 3>&- 4>&- &
	helper_started "${dir##*/}" "$!"
	DIRECT_URL=$DATABASE_URL
	DATABASE_URL="postgresql://postgres@/$TEST_DATABASE?host=$dir&port=${PGBOUNCER_PORT:-6432}"
	wait_until 15 psql -XAtq -d "$DATABASE_URL" -c 'select 1' >/dev/null 2>&1 || {
		cat "$dir/log" >&2
		return 1
	}
}

# proxy_start [OPTION…] - build/tests/proxy before the test's server, DATABASE_URL
# through it; tests/lib/README.md has the options. proxy_stats stops it and prints counts.
proxy_start() {
	local dir=$RUNG_RUN/proxy-$BATS_SUITE_TEST_NUMBER-$RANDOM
	if [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then skip "the proxy is tested in front of the private server"; fi

	server_folder "$dir"
	PROXY=${dir##*/}
	"${RUNG_TEST_PROXY:-$ROOT/build/tests/proxy}" --listen "$dir/.s.PGSQL.5432" --connect "$RUNG_RUN/$TEST_SERVER/.s.PGSQL.5432" \
		--stats "$dir/stats" "$@" </dev/null >"$dir/log" 2>&1 3>&- 4>&- &
	helper_started "$PROXY" "$!"
	DIRECT_URL=${DIRECT_URL:-$DATABASE_URL}
	DATABASE_URL="postgresql://postgres@/$TEST_DATABASE?host=$dir"
	wait_until 15 test -S "$dir/.s.PGSQL.5432" || {
		cat "$dir/log" >&2
		return 1
	}
}

proxy_stats() {
	stop_helper "$PROXY" keep
	cat "$RUNG_RUN/$PROXY/stats"
}

# proxy_stat NAME - one count of it, after proxy_stats stopped the proxy.
proxy_stat() {
	sed -n "s/^$1=//p" "$RUNG_RUN/$PROXY/stats"
}

# A process of this test: its pid is where servers_stop_all looks, its folder goes at the end.
helper_started() {
	mkdir -p "$RUNG_RUN/pids"
	echo "$2" >"$RUNG_RUN/pids/$1"
	test_pids+=("$1")
}

stop_helper() {
	local file=$RUNG_RUN/pids/$1
	if [ -f "$file" ]; then
		stop_pid "$(cat "$file")"
		rm -f "$file"
	fi
	if [ "${2:-}" != keep ]; then rm -rf "${RUNG_RUN:?}/$1"; fi
}
