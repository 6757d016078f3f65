#!/bin/sh
# setup_database.sh - from a fresh checkout to a database with the schema in it
#
# Installs what is missing, builds, and applies schema/ with seed data to the
# database of DATABASE_URL (environment or .env), created when it does not exist.
# Without DATABASE_URL it starts a private PostgreSQL under .rung/ and uses that.
# It takes no arguments.
set -eu

cd "$(dirname "$0")/.."

case ${1:-} in
'') ;;
-h | --help)
	sed -n '2,/^set/s/^# \{0,1\}//p' scripts/setup_database.sh
	exit 0
	;;
*)
	echo "setup_database.sh: unknown argument \"$1\"; see scripts/setup_database.sh --help" >&2
	exit 2
	;;
esac

scripts/install_dependencies.sh
make -s -j "$(getconf _NPROCESSORS_ONLN)"
rung=build/rung

has_database() {
	[ -n "${DATABASE_URL:-}" ] || grep -qsE '^(export )?DATABASE_URL=.' .env
}

if has_database; then
	connect="psql \"\$DATABASE_URL\""
else
	"$rung" local start --quiet
	DATABASE_URL=$("$rung" local url)
	export DATABASE_URL
	connect="psql \"$DATABASE_URL\"
    export DATABASE_URL=\"$DATABASE_URL\"     # for build/rung and your program
    build/rung local stop                     # ends the private server; start starts it again"
fi

"$rung" setup
echo
"$rung" status
cat <<END

The database is ready. Connect with

    $connect
END
