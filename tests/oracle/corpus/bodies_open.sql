select 1;
create function begin() returns int language sql return 1;
select 'psql waits for an end';
