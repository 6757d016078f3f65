#!/bin/sh
# db.sh - the everyday database commands, thin over rung
#
#	scripts/db.sh setup               create the database if missing, apply everything, seed
#	scripts/db.sh migration "msg"     a new pair of files (after a backup, where one is configured)
#	scripts/db.sh migrate             check the files, then apply what is pending
#	scripts/db.sh upgrade [REV]       apply up to REV
#	scripts/db.sh downgrade [REV]     back by one, or to REV; asks first
#	scripts/db.sh status              the state of the database
#	scripts/db.sh history [--verbose] what was applied, and when
#	scripts/db.sh backup [FILE]       an encrypted backup, into the store or into FILE
#	scripts/db.sh seed                load schema/seed/
#	scripts/db.sh reset               drop everything and begin anew; asks first
#
# RUNG names the program: build/rung of this checkout, or rung from PATH.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${RUNG:-}" ]; then
	if [ -x "$root/build/rung" ]; then RUNG=$root/build/rung; else RUNG=rung; fi
fi

usage() { sed -n '/^#	scripts/s/^#	/  /p' "$0"; }

backup_is_configured() {
	[ -n "${RUNG_BACKUP_STORE:-}" ] || grep -qsE '^\[backup\]' rung.ini
}

# A store names its files itself. Here the backup gets the name that was asked for, without its signed
# manifest: "rung restore FILE" then needs --allow-unsigned.
backup_to_file() {
	file=$1
	shift
	if [ -e "$file" ]; then
		echo "db.sh: \"$file\" is there already" >&2
		exit 2
	fi
	store=$(mktemp -d "$(dirname "$file")/.backup.XXXXXX")
	trap 'rm -rf "$store"' EXIT
	trap 'exit 130' INT TERM HUP
	"$RUNG" backup --output "$store" "$@"
	find "$store" -type f -name '*.age' -exec mv {} "$file" \;
}

verb=${1:-help}
if [ $# -gt 0 ]; then shift; fi
case $verb in
setup | upgrade | downgrade | status | history | seed | reset)
	exec "$RUNG" "$verb" "$@"
	;;
backup)
	case ${1:-} in
	'' | -*) exec "$RUNG" backup "$@" ;;
	*) backup_to_file "$@" ;;
	esac
	;;
migration)
	if backup_is_configured; then "$RUNG" backup; fi
	exec "$RUNG" create "$@"
	;;
migrate)
	"$RUNG" check --offline
	exec "$RUNG" upgrade "$@"
	;;
help | -h | --help)
	usage
	;;
*)
	echo "db.sh: unknown verb \"$verb\"" >&2
	usage >&2
	exit 2
	;;
esac
