-- Creates what is missing of the tables of history, and widens the three-column table
-- that people write by hand. Runs under the deployers' lock, in a transaction; then follow
-- prepare_revoke.sql and prepare_comment.sql.
set local client_min_messages = warning;
create table if not exists :"history" (
    version bigint primary key,
    description pg_catalog.text,
    applied_at pg_catalog.timestamptz default pg_catalog.now()
);
alter table :"history" alter column version type bigint;
alter table :"history"
    add column if not exists name pg_catalog.text,
    add column if not exists checksum pg_catalog.text,
    add column if not exists state pg_catalog.text not null default 'applied',
    add column if not exists statements_done integer not null default 0,
    add column if not exists duration_ms bigint,
    add column if not exists applied_by pg_catalog.text,
    add column if not exists applied_from pg_catalog.text,
    add column if not exists tool_version pg_catalog.text,
    add column if not exists backup pg_catalog.text,
    add column if not exists rollback_sql pg_catalog.text,
    add column if not exists rollback_checksum pg_catalog.text,
    add column if not exists fingerprint pg_catalog.text,
    add column if not exists variables pg_catalog.text;
create table if not exists :"history_log" (
    id bigint primary key,
    at pg_catalog.timestamptz not null,
    action pg_catalog.text not null,
    outcome pg_catalog.text not null,
    version bigint,
    name pg_catalog.text,
    checksum pg_catalog.text,
    duration_ms bigint,
    sqlstate pg_catalog.text,
    error pg_catalog.text,
    run_id pg_catalog.text not null,
    db_user pg_catalog.text not null,
    os_user pg_catalog.text,
    host pg_catalog.text,
    tool_version pg_catalog.text not null,
    rollback_checksum pg_catalog.text,
    previous_hash pg_catalog.text not null,
    hash pg_catalog.text not null,
    sql pg_catalog.text,
    sql_back pg_catalog.text
);
alter table :"history_log"
    add column if not exists rollback_checksum pg_catalog.text,
    add column if not exists sql pg_catalog.text,
    add column if not exists sql_back pg_catalog.text;
create table if not exists :"history_run" (
    number bigint primary key,
    id pg_catalog.text not null unique,
    command pg_catalog.text not null,
    target pg_catalog.text not null,
    from_name pg_catalog.text not null,
    to_name pg_catalog.text not null,
    steps pg_catalog.text not null,
    log_id bigint not null,
    begun_at pg_catalog.timestamptz not null,
    finished_at pg_catalog.timestamptz,
    db_user pg_catalog.text not null,
    os_user pg_catalog.text,
    host pg_catalog.text,
    tool_version pg_catalog.text not null
);
create table if not exists :"history_step" (
    version bigint not null,
    statement integer not null,
    checksum pg_catalog.text not null,
    state pg_catalog.text not null,
    started_at pg_catalog.timestamptz not null default pg_catalog.now(),
    finished_at pg_catalog.timestamptz,
    pid integer,
    backend_start pg_catalog.timestamptz,
    primary key (version, statement)
);
create table if not exists :"history_batch" (
    version bigint not null,
    statement integer not null,
    checksum pg_catalog.text not null,
    lo pg_catalog.text[],
    hi pg_catalog.text[],
    pass integer not null default 1,
    rows_in_pass bigint not null default 0,
    rows bigint not null default 0,
    turns bigint not null default 0,
    size bigint not null,
    started_at pg_catalog.timestamptz not null default pg_catalog.now(),
    updated_at pg_catalog.timestamptz not null default pg_catalog.now(),
    primary key (version, statement)
);
create table if not exists :"history_catalog" (
    version bigint primary key,
    fingerprint pg_catalog.text not null,
    format integer not null,
    server_major integer not null,
    kept_by pg_catalog.text not null,
    log_id bigint not null,
    recorded pg_catalog.text not null,
    objects pg_catalog.bytea not null,
    writes bigint,
    kept_at pg_catalog.timestamptz not null
);
