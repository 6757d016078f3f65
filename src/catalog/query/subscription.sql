-- How it connects, and whether it runs, belongs to the database and not to its schema.
-- Before 13 the number of one is a secret of superusers'.
select
       s.oid, -- since 13
       pg_catalog.quote_ident(s.subname) as name,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.subowner)) as owner,
       s.subslotname as slot,
       s.subbinary as binary, -- since 14
       case when s.substream then 'on' end as streaming, -- since 14 before 16
       case when s.substream operator(pg_catalog.=) 't' then 'on' -- since 16
            when s.substream operator(pg_catalog.=) 'p' then 'parallel' end as streaming, -- since 16
       s.subtwophasestate operator(pg_catalog.<>) 'd' as two_phase, -- since 15
       s.subdisableonerr as disable_on_error, -- since 15
       not s.subpasswordrequired as password_not_required, -- since 16
       s.subrunasowner as run_as_owner, -- since 16
       case when s.suborigin operator(pg_catalog.<>) 'any' then s.suborigin end as origin, -- since 16
       s.subfailover as failover, -- since 17
       case when s.subsynccommit operator(pg_catalog.<>) 'off' then s.subsynccommit end as synchronous_commit, -- since 14
       (select pg_catalog.string_agg(pg_catalog.quote_ident(p.name), ', ' order by p.at)
          from pg_catalog.unnest(s.subpublications) with ordinality p(name, at)) as publications
  from pg_catalog.pg_subscription s
 where s.subdbid operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d
                                          where d.datname operator(pg_catalog.=) pg_catalog.current_database())
