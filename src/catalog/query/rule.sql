-- Not those that make a view what it is.
select r.oid,
       r.ev_class as parent,
       pg_catalog.quote_ident(r.rulename) as name,
       case when r.ev_enabled operator(pg_catalog.=) 'D' then 'disabled'
            when r.ev_enabled operator(pg_catalog.=) 'R' then 'replica'
            when r.ev_enabled operator(pg_catalog.=) 'A' then 'always' end as enabled,
       pg_catalog.substr(pg_catalog.pg_get_ruledef(r.oid), 1 operator(pg_catalog.+) pg_catalog.length(
           pg_catalog.concat('CREATE RULE ', pg_catalog.quote_ident(r.rulename), ' AS'))) as definition
  from pg_catalog.pg_rewrite r
 where r.oid operator(pg_catalog.>=) 16384 and r.rulename operator(pg_catalog.<>) '_RETURN'
