# Whose projects are obeyed, and what a project may set.

load ../lib/rung

STRANGER=4242

setup() {
	rung_setup
	if [ "$(id -u)" -ne 0 ]; then skip "only root can make files of somebody else"; fi
	unset RUNG_TRUST SUDO_UID SUDO_USER
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
}

# A project that would be seen to be obeyed: its hook leaves a file, its log is one.
plant() {
	printf '[hooks]\nbefore_upgrade = touch obeyed\n[output]\nlog_file = obeyed.log\n' >"${1:-.}/rung.ini"
}

# Refused before anything of it was read, by every verb that has settings.
assert_untrusted() {
	local verb
	for verb in upgrade status "check --offline" "config" "downgrade --force" backup "local status" "create x"; do
		# shellcheck disable=SC2086 # a verb may bring options
		run_rung $verb
		assert_status 2
		assert_errors_contain "is not trusted: $1"
		assert_errors_contain "rung config --trust"
		assert_errors_contain "RUNG_TRUST"
	done
	[ -z "$(find "$PROJECT" -name 'obeyed*')" ] || fail "it was obeyed"
}

assert_trusted() {
	run_rung upgrade
	assert_status 0
	[ -n "$(find "$PROJECT" -name obeyed)" ] || fail "its hook did not run"
	run_rung downgrade base --force
	find "$PROJECT" -name 'obeyed*' -delete
}

@test "a project that belongs to somebody else, or that others may write to, is refused" {
	plant
	assert_trusted
	while read -r what how why; do
		cp -a rung.ini "$BATS_TEST_TMPDIR/kept.ini"
		touch .env
		case $how in
		chown) chown "$STRANGER:$STRANGER" "$what" ;;
		*) chmod "$how" "$what" ;;
		esac
		assert_untrusted "$why"
		chown -R 0:0 "$PROJECT" && chmod 755 "$PROJECT" schema rollback && chmod 644 rung.ini .env
	done <<-'EOT'
		rung.ini chown "rung.ini" belongs to the user 4242
		.env chown ".env" belongs to the user 4242
		. chown it belongs to the user 4242
		schema chown "schema" belongs to the user 4242
		rollback chown "rollback" belongs to the user 4242
		rung.ini 666 "rung.ini" can be written by everybody
		.env 646 ".env" can be written by everybody
		. 777 it can be written by everybody
		schema 777 "schema" can be written by everybody
		schema 1777 "schema" can be written by everybody
		rollback 1777 "rollback" can be written by everybody
	EOT
	assert_trusted
}

@test "a group may write where it is root's or the owner's own, and nowhere else" {
	plant
	chmod 664 rung.ini && chmod 775 .
	assert_trusted
	chgrp users rung.ini
	assert_untrusted '"rung.ini" can be written by the group users'
	chgrp 0 rung.ini && chgrp "$STRANGER" .
	assert_untrusted "it can be written by the group $STRANGER"
	chgrp 0 .
	assert_trusted
}

# In place of setfacl, which few machines have: $1, and who may write there beside its owner.
let_in() {
	python3 -c '
import os, struct, sys
entries = [(1, 7, -1), (int(sys.argv[2]), 7, int(sys.argv[3])), (4, 5, -1), (16, 7, -1), (32, 5, -1)]
entries.sort()
pack = [struct.pack("<HHI", tag, mode, who & 0xffffffff) for tag, mode, who in entries]
os.setxattr(sys.argv[1], "system.posix_acl_access", struct.pack("<I", 2) + b"".join(pack))' "$@"
}

@test "whom an access control list lets write is looked at as well" {
	plant
	if ! let_in . 2 "$STRANGER"; then skip "this file system has no access control lists"; fi
	assert_untrusted "it can be written by others through its access control list"
	let_in . 8 "$STRANGER"
	assert_untrusted "it can be written by others through its access control list"
	let_in . 2 0
	assert_trusted
	# The mask is the most that any entry allows; it is what chmod sets.
	let_in . 2 "$STRANGER" && chmod g-w .
	assert_trusted
	let_in schema 2 "$STRANGER"
	assert_untrusted '"schema" can be written by others'
	chmod g-w schema
	let_in rung.ini 2 "$STRANGER"
	assert_untrusted '"rung.ini" can be written by others'
}

@test "a stranger's rung.ini above a project in a directory of everybody's is refused, not obeyed" {
	mkdir -m 1777 shared
	mkdir -p shared/mine/deep
	mv schema rollback shared/mine
	plant shared
	chown "$STRANGER" shared/rung.ini
	echo "DATABASE_URL=postgresql://nowhere.invalid/x" >shared/.env
	cd shared/mine/deep
	assert_untrusted '"rung.ini" belongs to the user 4242'
	cd ../../mine/./../mine
	assert_untrusted '"rung.ini" belongs to the user 4242'
	run_rung -C "$PROJECT/shared/mine" status
	assert_status 2
	# One's own rung.ini, nearer, ends the search.
	plant "$PROJECT/shared/mine"
	assert_trusted
}

@test "links are looked at on the way, and so is where they lead" {
	plant
	mv rung.ini real.ini
	ln -s real.ini rung.ini
	assert_trusted
	chown -h "$STRANGER" rung.ini
	assert_untrusted 'the link "rung.ini" belongs to the user 4242'
	chown -h 0 rung.ini && chown "$STRANGER" real.ini
	assert_untrusted '"rung.ini" belongs to the user 4242'
	chown 0 real.ini
	mkdir -m 777 open && mv real.ini open && ln -sfn open/real.ini rung.ini
	assert_untrusted '"rung.ini" is a link into'
	chmod 755 open
	assert_trusted
	ln -s "$PROJECT" elsewhere && chown "$STRANGER" .
	cd elsewhere
	assert_untrusted "it belongs to the user 4242"
}

@test "rung config --trust DIR, kept in a file of one's own" {
	plant
	chown "$STRANGER" rung.ini .
	run_rung config --trust ./schema/..
	assert_status 0
	list=$HOME/.config/rung/trusted
	assert_equal "$(cat "$list")" "$(pwd -P)"
	assert_equal "$(stat -c %a "$list")" 600
	run_rung config --trust "$PROJECT"
	assert_equal "$(wc -l <"$list")" 1
	assert_trusted
	# The list is looked at as well: what others may write is their word.
	chmod 666 "$list"
	assert_refused 2 upgrade
	assert_errors_contain "The list of trusted projects is not read: it can be written by everybody."
	chmod 600 "$list" && chown "$STRANGER" "$list"
	assert_refused 2 upgrade
	run_rung config --trust "$PROJECT"
	assert_status 2
	chown 0 "$list"
	assert_trusted
	chmod 777 "${list%/*}"
	assert_refused 2 upgrade
	assert_errors_contain "is not read: it is in a directory that can be written by everybody."
	chmod 755 "${list%/*}"
	mv "$list" elsewhere && ln -s "$PROJECT/elsewhere" "$list"
	assert_refused 2 upgrade
	assert_errors_contain "is not read: it is a link."
	run_rung config --trust "$PROJECT"
	assert_status 2
	rm "$list" && mv elsewhere "$list"
	mv "${list%/*}" moved && ln -s "$PROJECT/moved" "${list%/*}"
	assert_refused 2 upgrade
	assert_errors_contain "in a directory that is a link"
	rm "${list%/*}" && mv moved "${list%/*}"
	assert_trusted
	# It holds for that directory, not for what lies beside or below it.
	mkdir below && cp -a schema rollback below && plant below && chown "$STRANGER" below
	cd below
	assert_refused 2 upgrade
	XDG_CONFIG_HOME=$PROJECT/xdg run_rung config --trust .
	[ -f "$PROJECT/xdg/rung/trusted" ]
	XDG_CONFIG_HOME=$PROJECT/xdg run_rung upgrade
	assert_status 0
	run_rung config --trust nowhere
	assert_status 2
}

@test "a file that is run is looked at too, and so is the way to it" {
	mkdir -p schema/parts schema/seed data
	printf '%s\n' '\ir parts/inner.sql' "\\copy users from 'data/users.csv'" >>schema/01_users.sql
	echo "create table inner_part (id int);" >schema/parts/inner.sql
	rollback_of 01_users <<<'drop table users, inner_part;'
	echo 1 >data/users.csv
	echo "insert into users values (7);" >schema/seed/01_rows.sql
	while read -r what how verb why; do
		if [ "$verb" != upgrade ]; then "$RUNG" upgrade --no-backup >/dev/null 2>&1; fi
		case $how in
		chown) chown "$STRANGER" "$what" ;;
		*) chmod "$how" "$what" ;;
		esac
		assert_refused 2 $([ "$verb" = downgrade ] && echo "downgrade --force --no-backup" || echo "$verb")
		assert_errors_contain "is not trusted: $why"
		RUNG_TRUST=$PROJECT run_rung ${verb/downgrade/downgrade --force --no-backup}
		assert_status 0
		chown -R 0:0 "$PROJECT" && chmod -R u=rwX,go=rX "$PROJECT"
		run_rung downgrade base --force --no-backup
	done <<-'EOT'
		schema/01_users.sql chown upgrade "schema/01_users.sql" belongs to the user 4242
		schema/01_users.sql 666 upgrade "schema/01_users.sql" can be written by everybody
		schema/parts/inner.sql chown upgrade
		schema/parts 777 upgrade
		data/users.csv 646 upgrade
		rollback/rollback_01_users.sql chown downgrade "rollback/rollback_01_users.sql" belongs to the user 4242
		schema/seed/01_rows.sql 666 seed "schema/seed/01_rows.sql" can be written by everybody
	EOT
	# A directory that the caller names is the caller's business, as it was.
	chown "$STRANGER" schema/01_users.sql
	run_rung upgrade --schema-dir "$PROJECT/schema"
	assert_status 0
}

@test "what somebody puts into their empty directory after it was looked at is not run" {
	local faults=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so
	[ -e "$faults" ] || skip "faults.so is not built"
	mkdir bare && mv schema bare/schema.late && rm -r rollback && chown -R "$STRANGER" bare
	cd bare
	RUNG_FAULT_LATE=$PWD/schema LD_PRELOAD=$faults assert_refused 2 upgrade
	[ -d schema ] || fail "it was not put there in between"
	assert_errors_contain "is not trusted"
}

@test "RUNG_TRUST, by name and for all; .env cannot say it" {
	plant
	chown "$STRANGER" .
	RUNG_TRUST=/nowhere run_rung upgrade
	assert_status 2
	echo "RUNG_TRUST=*" >.env
	assert_refused 2 upgrade
	for list in "$PROJECT" "/nowhere:$PROJECT/schema/../" "*" ".:/x"; do
		export RUNG_TRUST=$list
		assert_trusted
	done
	# A relative one is meant from the working directory, as it is after -C.
	RUNG_TRUST=. assert_refused 2 -C schema status
	(cd / && RUNG_TRUST=. "$RUNG" -C "$PROJECT" status >/dev/null) || fail "not from where -C leads"
	(cd / && ! RUNG_TRUST=${PROJECT#/} "$RUNG" -C "$PROJECT" status >/dev/null 2>&1) || fail "from before -C"
	unset RUNG_TRUST
	mkdir -m 755 "it's here" && mv schema rollback rung.ini "it's here" && chown -R "$STRANGER" "it's here"
	chown 0 .
	cd "it's here"
	assert_refused 2 upgrade
	# What is printed can be pasted.
	hint=$(grep -o "config --trust [^\"]*" <<<"$errors")
	eval "'$RUNG' $hint"
	run_rung upgrade
	assert_status 0
}

@test "under sudo, the project of the user who called it is trusted" {
	plant
	chown -R "$STRANGER" .
	assert_refused 2 upgrade
	SUDO_UID=$STRANGER run_rung upgrade
	assert_status 0
	SUDO_UID=1 run_rung status
	assert_status 2
}

@test "a caller who is not root trusts root's projects and his own" {
	printf '[files]\n' >rung.ini
	asked() { setpriv --reuid "$1" --regid "$1" --clear-groups env HOME=/nonexistent "$RUNG" config schema_dir; }
	run asked "$STRANGER"
	assert_equal "$output" schema
	chown "$STRANGER" .
	run asked "$STRANGER"
	assert_equal "$output" schema
	run asked 4343
	[ "$status" -eq 2 ]
	[[ $output == *"is not trusted"* ]]
}

@test "what needs no settings works in anybody's project, and so does a directory that is none" {
	plant
	chown "$STRANGER" . rung.ini
	for verb in help version "completion bash" "help config"; do
		# shellcheck disable=SC2086 # a verb may bring operands
		run_rung $verb
		assert_status 0
	done
	mkdir bare && chown "$STRANGER" bare && chown 0 . rung.ini && rm rung.ini
	cd bare
	run_rung config schema_dir
	assert_status 0
}

@test ".env sets what is ours, nothing of the loader's or the shell's" {
	cat >hook <<-'SH'
		#!/bin/sh
		env >seen
	SH
	chmod +x hook
	printf '[hooks]\nbefore_upgrade = ./hook\nenvironment = NEON_KEY DATABASE_URL\n' >rung.ini
	cat >.env <<-ENV
		LD_PRELOAD=/tmp/evil.so
		BASH_ENV=/tmp/evil
		ENV=/tmp/evil
		IFS=x
		PATH_INFO=/tmp/evil
		RUNG_TRUST=*
		SECRET_KEY=app
		NEON_KEY=neon
		PGAPPNAME=ours
		RUNG_LOCK_WAIT=1min
	ENV
	run_rung upgrade
	assert_status 0
	for name in LD_PRELOAD BASH_ENV ENV IFS PATH_INFO RUNG_TRUST SECRET_KEY; do
		if grep -q "^$name=.*\(evil\|\*\|app\|^x$\)" seen; then fail "$name came from .env"; fi
	done
	grep -qx "NEON_KEY=neon" seen
	grep -qx "PGAPPNAME=ours" seen
	grep -qx "DATABASE_URL=$DATABASE_URL" seen
	run_rung config
	assert_output_contains ".env RUNG_LOCK_WAIT"
	printf '[hooks]\nenvironment = LD_PRELOAD\n' >rung.ini
	assert_refused 2 upgrade
	printf '[database]\nurl_env = LD_PRELOAD\n' >rung.ini
	assert_refused 2 upgrade
}

@test "children get the URL, passwords and credentials only where these are for them" {
	local names="DATABASE_URL DIRECT_URL PGPASSWORD AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN RUNG_BACKUP_PASSPHRASE
		RUNG_SIGN_PASSPHRASE RUNG_BACKUP_TOKEN SHOP_PASSWORD" name
	export PGPASSWORD=s3kr1t AWS_SECRET_ACCESS_KEY=s3kr1t AWS_SESSION_TOKEN=s3kr1t RUNG_BACKUP_PASSPHRASE=s3kr1t \
		RUNG_SIGN_PASSPHRASE=s3kr1t RUNG_BACKUP_TOKEN=s3kr1t HARMLESS=kept
	printf '[hooks]\nbefore_upgrade = env >seen\n' >rung.ini
	run_rung upgrade --no-backup
	assert_status 0
	for name in $names; do
		if grep -q "^$name=" seen; then fail "$name was handed to a hook"; fi
	done
	if grep -q s3kr1t seen; then fail "a secret was handed to a hook"; fi
	grep -qx HARMLESS=kept seen

	# A project's own variables are kept in the same way.
	export SHOP_HOST=${DATABASE_URL#*host=} SHOP_NAME=$TEST_DATABASE SHOP_USER=postgres SHOP_PASSWORD=s3kr1t
	printf '[database]\nenv_prefix = SHOP\n[hooks]\nbefore_downgrade = env >seen\n' >rung.ini
	run_rung downgrade --force --no-backup
	assert_status 0
	if grep -q s3kr1t seen; then fail "a secret was handed to a hook"; fi

	# Every program that is run, by name: git, pg_dump, psql.
	mkdir bin
	for program in git pg_dump pg_restore psql rm initdb; do
		printf '#!/bin/sh\nenv >>"%s/seen.%s"\nexec "%s" "$@"\n' "$PROJECT" "$program" "$(command -v "$program" ||
			echo /bin/false)" >"bin/$program"
	done
	chmod +x bin/*
	git init -q . && git -c user.name=x -c user.email=x@x commit -q --allow-empty -m x
	PATH=$PROJECT/bin:$PATH run_rung check --against HEAD
	PATH=$PROJECT/bin:$PATH RUNG_PG_BINDIR=$PROJECT/bin run_rung backup --backup-store "$PROJECT/store"
	[ -e seen.git ] && [ -e seen.pg_dump ]
	for name in DATABASE_URL AWS_SECRET_ACCESS_KEY RUNG_BACKUP_PASSPHRASE SHOP_PASSWORD; do
		if grep -q "^$name=" seen.*; then fail "$name was handed to $(grep -l "^$name=" seen.*)"; fi
	done
	if [ -e seen.git ] && grep -q '^PGPASSWORD=' seen.git; then fail "PGPASSWORD was handed to git"; fi
}

@test "env_prefix asks for host, name and user, and takes nothing from PG*" {
	local host=${DATABASE_URL#*host=}
	printf '[database]\nenv_prefix = SHOP_DB\n' >rung.ini
	export PGHOST=$host PGDATABASE=postgres PGUSER=postgres
	assert_refused 2 upgrade
	assert_errors_contain "no database is named"
	export SHOP_DB_HOST=$host SHOP_DB_USER=postgres SHOP_DB_NAME=$TEST_DATABASE
	for name in HOST USER NAME; do
		declare -n value=SHOP_DB_$name
		kept=$value
		for value in "" unset; do
			if [ "$value" = unset ]; then unset "SHOP_DB_$name"; else export "SHOP_DB_$name="; fi
			assert_refused 2 upgrade
			assert_errors_contain "SHOP_DB_$name is not set"
			assert_equal "$(psql -XAtq -d "host=$host dbname=postgres user=postgres" -c "select to_regclass('public.schema_version') is null")" t
		done
		export "SHOP_DB_$name=$kept"
	done
	PGPORT=1 PGPASSWORD=wrong PGHOSTADDR=127.0.0.1 PGSERVICE=none run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version" 1
	printf '[database]\nurl_env = SHOP_URL\n' >rung.ini
	assert_refused 2 upgrade
	assert_errors_contain "SHOP_URL"
}

@test "descriptors 0 to 2 that are closed are nobody's connection" {
	local ends rolled=0
	for ends in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
		# A warning is printed while the connection is open.
		migration 01_users <<<'do $$ begin raise warning $w$aloud$w$; end $$; create table users (id int primary key);'
		run bash -c "limit=\$1; shift; timeout \$limit \"\$@\" $ends" _ 60 "$RUNG" upgrade
		[ "$status" -eq 0 ] || fail "upgrade $ends ended with $status"
		assert_sql "select count(*) from schema_version" 1
		run bash -c "timeout 60 \"\$@\" $ends" _ "$RUNG" upgrade --hook-before-upgrade 'ls -l /proc/self/fd >fds'
		[ "$status" -eq 0 ]
		run_rung downgrade base --force
		assert_status 0
	done
}
