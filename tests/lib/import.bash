# Projects of other tools, and what a database looks like that they brought somewhere.

golang_project() {
	mkdir -p migrations
	cat >migrations/000001_create_users.up.sql <<-SQL
		CREATE TABLE users (
		    id bigserial PRIMARY KEY,
		    email text NOT NULL UNIQUE
		);
	SQL
	echo 'DROP TABLE IF EXISTS users;' >migrations/000001_create_users.down.sql
	cat >migrations/000002_add_sessions.up.sql <<-SQL
		BEGIN;
		CREATE TABLE sessions (token text PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id));
		COMMIT;
	SQL
	echo 'DROP TABLE sessions;' >migrations/000002_add_sessions.down.sql
	echo 'CREATE INDEX CONCURRENTLY sessions_user ON sessions (user_id);' >migrations/000003_sessions_index.up.sql
	echo 'keep me' >migrations/README.md
}

dbmate_project() {
	mkdir -p db/migrations
	cat >db/migrations/20240101120000_create_users.sql <<-SQL
		-- migrate:up
		create table users (id serial primary key, name varchar(255));
		create function hello() returns text language sql as \$\$ select 'up; -- migrate:nothing'; \$\$;

		-- migrate:down
		drop function hello();
		drop table users;
	SQL
	cat >db/migrations/20240201120000_index.sql <<-SQL
		-- migrate:up transaction:false
		create index concurrently users_name on users (name);
		-- migrate:down transaction:false
		drop index concurrently users_name;
	SQL
	# shellcheck disable=SC2016 # the dollars quote
	printf -- '-- migrate:up\ninsert into users (name) values ($$first$$);\n\n-- migrate:down\n' \
		>db/migrations/20240301120000_first_user.sql
}

goose_project() {
	mkdir -p migrations
	cat >migrations/00001_users.sql <<-SQL
		-- +goose Up
		CREATE TABLE post (id int NOT NULL, title text, PRIMARY KEY (id));
		-- +goose StatementBegin
		CREATE FUNCTION touch() RETURNS trigger AS \$\$
		BEGIN
		    NEW.title := upper(NEW.title);
		    RETURN NEW;
		END;
		\$\$ LANGUAGE plpgsql;
		-- +goose StatementEnd

		-- +goose Down
		DROP FUNCTION touch();
		DROP TABLE post;
	SQL
	cat >migrations/00002_index.sql <<-SQL
		-- +goose NO TRANSACTION
		-- +goose Up
		CREATE INDEX CONCURRENTLY post_title ON post (title);
		-- +goose Down
		DROP INDEX CONCURRENTLY post_title;
	SQL
	printf -- '-- +goose Up\nALTER TABLE post ADD body text;\n-- +goose Down\nALTER TABLE post DROP body;\n' \
		>migrations/00003_body.sql
}

flyway_project() {
	mkdir -p sql
	printf 'CREATE TABLE person (\n    id int NOT NULL,\n    name varchar(100) NOT NULL\n);\n' >sql/V1__Create_person.sql
	echo 'DROP TABLE person;' >sql/U1__Create_person.sql
	echo "INSERT INTO person VALUES (1, 'Axel');" >sql/V2__Add_people.sql
	echo 'CREATE OR REPLACE VIEW names AS SELECT name FROM person;' >sql/R__Names_view.sql
}

# flyway_row RANK VERSION|null TYPE SCRIPT DESCRIPTION CHECKSUM [SUCCESS]
flyway_row() {
	sql "insert into ${table:-flyway_schema_history} values ($1, $2, '$5', '$3', '$4', $6, 'me', '2024-02-0$1', 5, ${7:-true})"
}

flyway_table() {
	sql "create table ${1:-flyway_schema_history} (installed_rank int primary key, version varchar(50), description varchar(200) not null,
	     type varchar(20) not null, script varchar(1000) not null, checksum int, installed_by varchar(100) not null,
	     installed_on timestamp not null default now(), execution_time int not null, success boolean not null)"
}

flyway_applied() {
	sql "$(cat sql/V1__Create_person.sql sql/V2__Add_people.sql sql/R__Names_view.sql)"
	flyway_table flyway_schema_history
	flyway_row 1 "'1'" SQL V1__Create_person.sql "Create person" "$(crc sql/V1__Create_person.sql)"
	flyway_row 2 "'2'" SQL V2__Add_people.sql "Add people" "$(crc sql/V2__Add_people.sql)"
	flyway_row 3 null SQL R__Names_view.sql "Names view" "$(crc sql/R__Names_view.sql)"
}

sqitch_project() {
	mkdir -p deploy revert verify
	cat >sqitch.plan <<-PLAN
		%syntax-version=1.0.0
		%project=flipr
		%uri=https://example.org/flipr/

		appschema 2024-01-01T12:00:00Z A Person <person@example.org> # Adds the schema.
		users [appschema] 2024-01-02T12:00:00Z A Person <person@example.org> # Adds users # really.
		@v1.0.0 2024-01-03T12:00:00Z A Person <person@example.org> # Tag it.

		flips [appschema users@v1.0.0] 2024-01-04T12:00:00Z A Person <person@example.org> # Flips.
	PLAN
	printf -- '-- Deploy flipr:appschema to pg\n\nBEGIN;\n\nCREATE SCHEMA flipr;\n\nCOMMIT;\n' >deploy/appschema.sql
	printf -- '-- Revert flipr:appschema from pg\n\nBEGIN;\n\nDROP SCHEMA flipr;\n\nCOMMIT;\n' >revert/appschema.sql
	printf -- '-- requires: appschema\nBEGIN;\nCREATE TABLE flipr.users (nickname text PRIMARY KEY);\nCOMMIT;\n' >deploy/users.sql
	printf 'BEGIN;\nDROP TABLE flipr.users;\nCOMMIT;\n' >revert/users.sql
	printf 'BEGIN;\nCREATE TABLE flipr.flips (id bigserial PRIMARY KEY);\nCOMMIT;\n' >deploy/flips.sql
	printf 'BEGIN;\nDROP TABLE flipr.flips;\nCOMMIT;\n' >revert/flips.sql
	echo 'SELECT 1;' >verify/users.sql
}

sqitch_applied() {
	sql "create schema sqitch; create table sqitch.changes (change_id text primary key, script_hash text, change text not null,
	     project text not null, note text not null default '', committed_at timestamptz not null default clock_timestamp());
	     insert into sqitch.changes (change_id, change, project, committed_at) values
	     ('a', 'appschema', 'flipr', '2024-01-01Z'), ('b', 'users', 'flipr', '2024-01-02Z'), ('c', 'flips', 'other', now())"
	sql "$(cat deploy/appschema.sql deploy/users.sql)"
}

tern_project() {
	mkdir migrations
	cat >migrations/001_people.sql <<-SQL
		create table people (id serial primary key, name varchar not null);

		---- create above / drop below ----

		drop table people;
	SQL
	printf 'create index people_name on people (name);\n---- create above / drop below ----\n' >migrations/002_index.sql
}

alembic_output() {
	cat >up.sql <<-SQL
		BEGIN;

		CREATE TABLE alembic_version (
		    version_num VARCHAR(32) NOT NULL,
		    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
		);

		-- Running upgrade  -> 1975ea83b712

		CREATE TABLE account (
		    id SERIAL NOT NULL,
		    name VARCHAR(50) NOT NULL,
		    PRIMARY KEY (id)
		);

		INSERT INTO alembic_version (version_num) VALUES ('1975ea83b712') RETURNING alembic_version.version_num;

		-- Running upgrade 1975ea83b712 -> ae1027a6acf

		ALTER TABLE account ADD COLUMN last_transaction_date TIMESTAMP WITHOUT TIME ZONE;

		UPDATE alembic_version SET version_num='ae1027a6acf' WHERE alembic_version.version_num = '1975ea83b712';

		COMMIT;

	SQL
	cat >down.sql <<-SQL
		BEGIN;

		-- Running downgrade ae1027a6acf -> 1975ea83b712

		ALTER TABLE account DROP COLUMN last_transaction_date;

		UPDATE alembic_version SET version_num='1975ea83b712' WHERE alembic_version.version_num = 'ae1027a6acf';

		-- Running downgrade 1975ea83b712 ->

		DROP TABLE account;

		DELETE FROM alembic_version WHERE alembic_version.version_num = '1975ea83b712';

		COMMIT;
	SQL
}

# CRC-32 over the lines without their ends, as Flyway has it.
crc() { tr -d '\r\n' <"$1" | gzip -c | tail -c8 | od -An -N4 -t d4 | tr -d ' '; }
