-- What pg_dump does at its start, so that both see the same; anyone who compares later says the
-- same again. Sent as one message, to a session whose timeouts were lifted: it idles while
-- pg_dump works.
begin transaction isolation level repeatable read, read only;
set local row_security = off;
set local timezone = 'UTC';
set local client_encoding = 'UTF8';
set local search_path = '';
set local datestyle = 'ISO';
set local intervalstyle = 'postgres';
set local extra_float_digits = 3;
set local quote_all_identifiers = off;
