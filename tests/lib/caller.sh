# shellcheck shell=sh
# caller.sh - makes tests independent of who started them
#
#	. tests/lib/caller.sh "$@"     first thing in a script of sh or bash
#
# Background jobs, nohup, cron and service managers leave signals ignored, a
# umask, limits, few variables and closed descriptors behind, and a shell cannot
# take back a signal that was ignored when it began. So the script starts itself
# anew with signals as they are by default; everything else is set here. What was
# closed is /dev/null, what is ignored in a test, the test ignores itself.

# The digits are written out: a closed descriptor is found by copying it.
{ true <&0; } 2>/dev/null || exec </dev/null
{ true >&1; } 2>/dev/null || exec >/dev/null
{ true 3>&2; } 2>/dev/null || exec 2>/dev/null
# Descriptors of the caller's are not ours to keep open, a job server's neither.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-

if [ -z "${RUNG_TEST_CALLER:-}" ]; then
	export RUNG_TEST_CALLER=$$
	if env --default-signal true 2>/dev/null; then exec env --default-signal "$0" "$@"; fi
fi

umask 022
# shellcheck disable=SC3045 # dash, bash and busybox know the flags
ulimit -c 0
# As far as we may: what a server with its backends and a pooler need.
for caller_limit in n u v f; do
	# shellcheck disable=SC3045
	ulimit -S -"$caller_limit" "$(ulimit -H -"$caller_limit" 2>/dev/null)" 2>/dev/null || true
done
unset caller_limit

# cron has neither; pgbouncer and runuser are where root looks.
: "${HOME:=$(eval echo "~$(id -un)")}" "${TERM:=dumb}"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export HOME TERM PATH

# In memory where there is room: what servers write in a test nobody reads again.
caller_has_room() {
	[ -d "$1" ] && [ -w "$1" ] || return 1
	case ,$(findmnt -n -o OPTIONS -T "$1" 2>/dev/null), in *,noexec,* | ,,) return 1 ;; esac
	[ "$(df -Pk "$1" | awk 'END { print int($4 / 1024) }')" -ge 4096 ] &&
		[ "$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null || echo 0)" -ge 6144 ]
}
if [ -z "${TMPDIR:-}" ] && caller_has_room /dev/shm; then
	TMPDIR=/dev/shm
	export TMPDIR
fi
