begin transaction isolation level repeatable read read only;
set local "TimeZone" to 'UTC';
set local "DateStyle" to 'ISO, YMD';
set local "IntervalStyle" to 'postgres';
set local extra_float_digits to 3;
set local bytea_output to 'hex';
set local search_path to '';
set local row_security to off
