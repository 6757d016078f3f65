# db.sh and setup_database.sh: what they ask of the program, and in which order. A
# stand-in for the program writes down how it was called.

load ../lib/rung

setup() {
	rung_setup
	mkdir scripts build
	cp "$ROOT/scripts/db.sh" "$ROOT/scripts/setup_database.sh" scripts
	printf '#!/bin/sh\n' >scripts/install_dependencies.sh
	cat >build/rung <<-'STUB'
		#!/bin/sh
		echo "$@" >>calls
		case $* in
		"local url") echo "postgresql:///private" ;;
		"check --offline") exit "${FINDINGS:-0}" ;;
		esac
	STUB
	echo 'all:' >Makefile
	chmod +x scripts/*.sh build/rung
	unset RUNG
}

calls() { paste -sd, calls; }

@test "db.sh passes its verbs on" {
	run scripts/db.sh downgrade 3
	assert_status 0
	assert_equal "$(calls)" "downgrade 3"
}

@test "db.sh migrate checks the files before it applies them" {
	scripts/db.sh migrate
	assert_equal "$(calls)" "check --offline,upgrade"
	rm calls
	FINDINGS=3 run scripts/db.sh migrate
	assert_status 3
	assert_equal "$(calls)" "check --offline"
}

@test "db.sh migration backs up first where a backup is configured" {
	scripts/db.sh migration "add users"
	assert_equal "$(calls)" "create add users"
	rm calls
	echo "[backup]" >rung.ini
	scripts/db.sh migration "add users"
	assert_equal "$(calls)" "backup,create add users"
}

@test "db.sh lists its verbs, and says so when one is unknown" {
	run scripts/db.sh help
	assert_status 0
	for verb in setup migration migrate upgrade downgrade status history backup seed reset; do
		assert_output_contains "db.sh $verb"
	done
	run scripts/db.sh upgrad
	assert_status 2
	assert_output_contains 'unknown verb "upgrad"'
}

@test "the two scripts of a beginning explain themselves and do nothing else" {
	cp "$ROOT/scripts/run_tests.sh" scripts
	for script in setup_database.sh run_tests.sh; do
		run "scripts/$script" --help
		assert_status 0
		assert_output_contains "$script - "
		run "scripts/$script" --frobnicate
		assert_status 2
		assert_output_contains 'unknown argument "--frobnicate"'
	done
	[ ! -e calls ]
}

@test "setup_database.sh uses the private server without a DATABASE_URL" {
	unset DATABASE_URL
	run scripts/setup_database.sh
	assert_status 0
	assert_equal "$(calls)" "local start --quiet,local url,setup,status"
	assert_output_contains 'psql "postgresql:///private"'
}

@test "setup_database.sh uses the DATABASE_URL there is, and does not print it" {
	DATABASE_URL=postgresql://me:secret@db/app run scripts/setup_database.sh
	assert_status 0
	assert_equal "$(calls)" "setup,status"
	refute_output_contains secret

	rm calls
	unset DATABASE_URL
	echo "DATABASE_URL=postgresql://me:secret@db/app" >.env
	run scripts/setup_database.sh
	assert_equal "$(calls)" "setup,status"
	refute_output_contains secret
}
