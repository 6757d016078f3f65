-- Which of the steps that were just committed the history does not show: $1 are the numbers of those
-- applied, $2 of those rolled back. Null when it shows all.
select pg_catalog.string_agg(w.version::pg_catalog.text, ', ' order by w.version)
  from (select a.version, true as is_applied from pg_catalog.unnest($1::bigint[]) a (version)
        union all
        select b.version, false from pg_catalog.unnest($2::bigint[]) b (version)) w
 where w.is_applied operator(pg_catalog.<>)
       exists (select from :"history" h
                where h.version operator(pg_catalog.=) w.version and h.state operator(pg_catalog.=) 'applied')
