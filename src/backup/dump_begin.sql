-- What pg_dump does at its start, so that both see the same; whoever compares later says the
-- same again. Never timed out by the server: the session idles while pg_dump works. Sent as
-- one message.
begin transaction isolation level repeatable read, read only;
set local idle_in_transaction_session_timeout = 0;
set local statement_timeout = 0;
set local row_security = off;
set local timezone = 'UTC';
set local client_encoding = 'UTF8';
set local search_path = '';
set local datestyle = 'ISO';
set local intervalstyle = 'postgres';
set local extra_float_digits = 3;
