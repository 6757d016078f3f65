-- Not those of foreign keys, nor a partition's copy of its parent's that is switched as that is.
select t.oid,
       t.tgrelid as parent,
       pg_catalog.quote_ident(t.tgname) as name,
       t.tgconstraint operator(pg_catalog.<>) 0 as "constraint",
       case when t.tgenabled operator(pg_catalog.=) 'D' then 'disabled'
            when t.tgenabled operator(pg_catalog.=) 'R' then 'replica'
            when t.tgenabled operator(pg_catalog.=) 'A' then 'always' end as enabled,
       t.tgparentid operator(pg_catalog.<>) 0 as inherited, -- since 13
       pg_catalog.substr(pg_catalog.pg_get_triggerdef(t.oid), 1 operator(pg_catalog.+) pg_catalog.length(
           pg_catalog.concat('CREATE ', case when t.tgconstraint operator(pg_catalog.<>) 0 then 'CONSTRAINT ' end,
                             'TRIGGER ', pg_catalog.quote_ident(t.tgname), ' '))) as definition
  from pg_catalog.pg_trigger t
  left join pg_catalog.pg_trigger p on p.oid operator(pg_catalog.=) t.tgparentid -- since 13
 where t.oid operator(pg_catalog.>=) 16384
   and not t.tgisinternal -- before 13
   and case when t.tgparentid operator(pg_catalog.<>) 0 then t.tgenabled operator(pg_catalog.<>) p.tgenabled -- since 13
            else not t.tgisinternal end -- since 13
