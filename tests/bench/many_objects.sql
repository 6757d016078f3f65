-- 10,000 objects beside 11,800 columns: tables, indexes, constraints, functions, views, sequences, comments.
do $$
begin
    for i in 1..1000 loop
        execute format('create table big_%s (id bigint primary key, a integer not null default 1, b text default ''x'',
            c numeric(10,2), d timestamptz default now(), e varchar(20), f boolean, g jsonb, h uuid, j date,
            constraint ck_%s check (a > 0 and e in (''a'', ''b'')))', i, i);
        execute format('create index big_%s_a on big_%s (a)', i, i);
        execute format('create index big_%s_b on big_%s (lower(b)) where c > 0', i, i);
    end loop;
    for i in 1..1200 loop
        execute format('create function f_%s(a integer, b text default ''x'') returns integer language plpgsql as
            ''begin perform %s; if a > 1 then return length(b); end if; return a; end''', i, i);
    end loop;
    for i in 1..600 loop
        execute format('create view v_%s as select a, b, c from big_%s where a > 3 and e = ''a''', i, i);
        execute format('alter table big_%s add constraint fk_%s foreign key (id) references big_%s', i + 1, i, i);
        execute format('create sequence s_%s', i);
        execute format('comment on table big_%s is ''table %s''', i, i);
    end loop;
end $$;
