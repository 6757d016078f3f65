#!/bin/sh
# neon-branch.sh - a Neon branch of the database as it was before the upgrade
#
#	[hooks]
#	before_upgrade = ./neon-branch.sh
#	environment = NEON_API_KEY NEON_PROJECT_ID NEON_PARENT
#
# A branch takes about a second, however large the database is; to go back, restore from
# it. Needs neonctl, NEON_API_KEY and NEON_PROJECT_ID; NEON_PARENT is the branch the
# database is on (main). "environment" takes them from .env too. If it fails, nothing
# is upgraded.
set -eu

neonctl branches create --project-id "$NEON_PROJECT_ID" --parent "${NEON_PARENT:-main}" \
	--name "before-$RUNG_LAST_STEP-$(date -u +%Y%m%dT%H%M%SZ)"
