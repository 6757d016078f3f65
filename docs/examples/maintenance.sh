#!/bin/sh
# maintenance.sh - maintenance mode during breaking upgrades
#
#	[hooks]
#	before_upgrade = ./maintenance.sh on
#	after_upgrade = ./maintenance.sh off
#
# The proxy in front of the application answers 503 while the flag exists. "on" sets
# it if a file of the plan says "breaking"; "off" removes it; the after-hook
# runs also if the upgrade fails. MAINTENANCE_FLAG is the flag's path.
set -eu

flag=${MAINTENANCE_FLAG:-maintenance.flag}
case ${1:-} in
on)
	if [ -n "${RUNG_BREAKING:-}" ]; then
		echo "$RUNG_COMMAND: $RUNG_BREAKING" >"$flag"
		echo "maintenance mode is on for $RUNG_BREAKING"
	fi
	;;
off)
	if [ -e "$flag" ]; then
		rm "$flag"
		echo "maintenance mode is off again: $RUNG_COMMAND ${RUNG_OUTCOME:-ok}"
	fi
	;;
*)
	echo "maintenance.sh: on or off, not \"${1:-}\"" >&2
	exit 2
	;;
esac
