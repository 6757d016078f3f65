#!/bin/sh
# entrypoint.sh - a container that migrates first and then starts the application
#
#	COPY schema/ /app/schema/
#	COPY rollback/ /app/rollback/
#	ENTRYPOINT ["/app/entrypoint.sh"]
#	CMD ["uvicorn", "brain.main:app", "--host", "0.0.0.0"]
#
# Waits until the server answers, applies what is pending and starts the command.
# Any number of containers may start at the same time: one migrates, the others wait and
# find nothing to do. If a migration fails, the container ends with rung's
# exit code and the application does not start.
#
# Files must belong to the user of the container or to root. If they belong to another
# user, set RUNG_TRUST to their directory (/app).
#
# WAIT_SECONDS is how long the server may take (60).
set -eu

deadline=$(($(date +%s) + ${WAIT_SECONDS:-60}))

# "current" never waits for a lock, so exit code 4 means only: no server yet. Other errors,
# such as a URL that libpq refuses, have another code and end this at once.
while :; do
	status=0
	said=$(rung current 2>&1) || status=$?
	if [ "$status" -ne 4 ]; then break; fi
	if [ "$(date +%s)" -ge "$deadline" ]; then
		echo "$said" >&2
		exit "$status"
	fi
	echo "waiting for the database" >&2
	sleep 1
done

rung upgrade
exec "$@"
