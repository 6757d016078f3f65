# shellcheck shell=bash
# clients.bash - pg_dump, pg_restore and psql of other majors, for the cases
#
# From the Debian releases that carry them, fetched by apt with lists and a cache of
# their own, and run with the libraries they came with: nothing is installed.

# The suite that has a major's client.
client_suite() {
	case $1 in
	13) echo bullseye ;;
	15) echo bookworm ;;
	17) echo trixie ;;
	18) echo sid ;;
	*) return 1 ;;
	esac
}

# client_bindir MAJOR - prints the folder of its programs, or fails saying why.
client_bindir() {
	local dir=$RUNG_TEST_CACHE/client-$1 failed=$RUNG_RUN/client-$1.failed
	if [ -x "/usr/lib/postgresql/$1/bin/pg_restore" ]; then echo "/usr/lib/postgresql/$1/bin" && return; fi
	if [ -f "$failed" ]; then cat "$failed" && return 1; fi
	mkdir -p "$RUNG_TEST_CACHE"
	(
		flock 9
		if [ -d "$dir" ]; then exit 0; fi
		rm -rf "$dir.part"
		if ! client_fetch "$1" "$dir.part" >"$dir.log" 2>&1; then
			echo "the client programs of PostgreSQL $1 cannot be had: $(tail -n 1 "$dir.log")" | tee "$failed"
			exit 1
		fi
		mv "$dir.part" "$dir"
		client_wrap "$1" "$dir"
		"$dir/bin/pg_restore" --version >/dev/null 2>&1 ||
			{ echo "pg_restore $1 does not run here" | tee "$failed" && rm -rf "$dir" && exit 1; }
	) 9>"$RUNG_TEST_CACHE/lock" || return 1
	echo "$dir/bin"
}

# Where this machine has its Debian packages from.
client_mirror() {
	# shellcheck disable=SC2016 # the fields are apt's
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
		sed -n 's/ Debian Debian$//p' | head -n 1
}

client_fetch() {
	local major=$1 root=$2 mirror suite archive options
	suite=$(client_suite "$major") || { echo "no release is known to have it" && return 1; }
	mirror=$(client_mirror)
	[ -n "$mirror" ] || { echo "this machine takes no packages from Debian" && return 1; }
	mkdir -p "$root/apt/lists/partial" "$root/apt/archives/partial"
	: >"$root/apt/status"
	echo "deb $mirror $suite main" >"$root/apt/sources.list"
	options=(-o "Dir::State=$root/apt" -o "Dir::State::status=$root/apt/status" -o "Dir::Cache=$root/apt"
		-o "Dir::Etc::sourcelist=$root/apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts=-
		-o Acquire::Languages=none -o APT::Install-Recommends=0 -o APT::Sandbox::User= -o Acquire::Retries=1
		-o Acquire::Check-Valid-Until=false)
	timeout 300 apt-get "${options[@]}" update || return 1
	timeout 300 apt-get "${options[@]}" install --yes --download-only "postgresql-client-$major" || return 1
	for archive in "$root"/apt/archives/*.deb; do
		case ${archive##*/} in perl* | libperl* | netbase* | dpkg_* | tar_* | debconf* | *-common*) continue ;; esac
		dpkg-deb -x "$archive" "$root/root" || return 1
	done
	rm -rf "$root/apt"
}

client_wrap() {
	local major=$1 root=$2/root program loader libraries name=
	loader=$(find "$root" -name 'ld-linux*.so.*' | head -n 1)
	libraries=$(find "$root" \( -name 'libpq.so.5' -o -name 'libc.so.6' \) -exec dirname {} + | sort -u | paste -sd:)
	# pg_dumpall looks for pg_dump beside the name it was called by.
	if "$loader" --help 2>/dev/null | grep -q -- --argv0; then name=--argv0\ \"\$0\"; fi
	mkdir -p "$2/bin"
	for program in pg_dump pg_dumpall pg_restore psql; do
		printf '#!/bin/sh\nexec "%s" %s --library-path "%s" "%s" "$@"\n' "$loader" "$name" "$libraries" \
			"$root/usr/lib/postgresql/$major/bin/$program" >"$2/bin/$program"
		chmod 755 "$2/bin/$program"
	done
}

# programs_of CLIENT SERVER_BINDIR - one folder with both, for --pg-bindir, where the server's user may look.
programs_of() {
	local dir=$RUNG_RUN/programs-$1-$BATS_SUITE_TEST_NUMBER client program
	client=$(client_bindir "$1") || { echo "$client" && return 1; }
	mkdir -p "$dir"
	chmod 755 "$dir"
	for program in pg_dump pg_dumpall pg_restore psql; do ln -sf "$client/$program" "$dir/$program"; done
	for program in initdb postgres pg_ctl; do ln -sf "$2/$program" "$dir/$program"; done
	echo "$dir"
}
