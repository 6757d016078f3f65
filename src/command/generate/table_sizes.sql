-- The size of each table as pg_class has it, with that of its children, partitions and of what is stored beside it.
with recursive family(root, member) as (
    select c.oid, c.oid
      from pg_catalog.pg_class c
     where c.relkind operator(pg_catalog.=) any ('{r,p}') and c.oid operator(pg_catalog.>=) 16384
     union
    select f.root, i.inhrelid
      from family f
      join pg_catalog.pg_inherits i on i.inhparent operator(pg_catalog.=) f.member
), size as (
    select f.root,
           pg_catalog.sum((case when c.relpages operator(pg_catalog.>) 0 then c.relpages else 0 end
               operator(pg_catalog.+) case when t.relpages operator(pg_catalog.>) 0 then t.relpages else 0 end
               )::pg_catalog.int8) as pages
      from family f
      join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) f.member
      left join pg_catalog.pg_class t on t.oid operator(pg_catalog.=) c.reltoastrelid
     group by f.root
)
select pg_catalog.format('%I.%I', n.nspname, c.relname) as identity,
       pg_catalog.pg_size_pretty(s.pages operator(pg_catalog.*)
           pg_catalog.current_setting('block_size')::pg_catalog."numeric") as size
  from size s
  join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) s.root
  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 where s.pages operator(pg_catalog.>) 0
 order by pg_catalog.format('%I.%I', n.nspname, c.relname) collate pg_catalog."C"
