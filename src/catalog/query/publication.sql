select p.oid,
       pg_catalog.quote_ident(p.pubname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(p.pubowner)) as owner,
       p.puballtables as all_tables,
       case when p.pubgencols operator(pg_catalog.=) 's' then 'stored' end as generated_columns, -- since 18
       p.pubviaroot as via_root, -- since 13
       pg_catalog.concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
                            case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end
       ) as publishes
  from pg_catalog.pg_publication p
 where p.oid operator(pg_catalog.>=) 16384
