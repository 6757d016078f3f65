-- Which of the steps that were just committed the history does not show: $1 are the numbers of those
-- applied, $2 the checksums of their files (empty where there is none: array_nulls may be off), $3 the numbers
-- of those whose row is to be gone. Null when it shows all. Then which of its tables are not there any more, null when all are.
select pg_catalog.string_agg(w.version::pg_catalog.text, ', ' order by w.version),
       (select pg_catalog.string_agg(pg_catalog.format('%I.%I', :'history_schema', t.name), ', ')
          from pg_catalog.unnest(:history_names::pg_catalog.text[]) t (name)
         where pg_catalog.to_regclass(pg_catalog.format('%I.%I', :'history_schema', t.name)) is null)
  from (select a.version, a.checksum, true as is_applied
          from rows from (pg_catalog.unnest($1::bigint[]), pg_catalog.unnest($2::pg_catalog.text[])) a (version, checksum)
        union all
        select b.version, '', false from pg_catalog.unnest($3::bigint[]) b (version)) w
 where w.is_applied operator(pg_catalog.<>)
       exists (select from :"history" h
                where h.version operator(pg_catalog.=) w.version and h.state operator(pg_catalog.=) 'applied'
                  and case when w.checksum operator(pg_catalog.=) '' then coalesce(h.checksum, '') else w.checksum end
                      operator(pg_catalog.=) coalesce(h.checksum, ''))
