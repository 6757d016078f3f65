-- Creates what is missing of the tables of history, and widens the three-column table
-- that people write by hand. Runs under the deployers' lock, in a transaction.
set local client_min_messages = warning;
create table if not exists :"history" (
    version bigint primary key,
    description text,
    applied_at timestamptz default now()
);
alter table :"history" alter column version type bigint;
alter table :"history"
    add column if not exists name text,
    add column if not exists checksum text,
    add column if not exists state text not null default 'applied',
    add column if not exists statements_done integer not null default 0,
    add column if not exists duration_ms bigint,
    add column if not exists applied_by text,
    add column if not exists applied_from text,
    add column if not exists tool_version text,
    add column if not exists backup text,
    add column if not exists rollback_sql text,
    add column if not exists rollback_checksum text,
    add column if not exists fingerprint text;
comment on table :"history" is 'One row per applied migration, kept by rung';
create table if not exists :"history_log" (
    id bigint primary key,
    at timestamptz not null,
    action text not null,
    outcome text not null,
    version bigint,
    name text,
    checksum text,
    duration_ms bigint,
    sqlstate text,
    error text,
    run_id text not null,
    db_user text not null,
    os_user text,
    host text,
    tool_version text not null,
    previous_hash text not null,
    hash text not null
);
comment on table :"history_log" is 'Append-only log of rung; each row carries the hash of the one before it';
create table if not exists :"history_step" (
    version bigint not null,
    statement integer not null,
    checksum text not null,
    state text not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    pid integer,
    backend_start timestamptz,
    primary key (version, statement)
);
comment on table :"history_step" is 'Journal of migrations that cannot run in one transaction, kept by rung';
create table if not exists :"history_batch" (
    version bigint not null,
    statement integer not null,
    checksum text not null,
    lo text[],
    hi text[],
    pass integer not null default 1,
    rows_in_pass bigint not null default 0,
    rows bigint not null default 0,
    turns bigint not null default 0,
    size bigint not null,
    started_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (version, statement)
);
comment on table :"history_batch" is 'How far the batches of running migrations are, kept by rung';
