select c.oid,
       c.opcnamespace as schema,
       pg_catalog.quote_ident(c.opcname) as name,
       pg_catalog.concat(' using ', pg_catalog.quote_ident(m.amname)) as tail,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.opcowner)) as owner,
       pg_catalog.format_type(c.opcintype, null) as type,
       c.opcdefault as is_default,
       (select pg_catalog.format('%s.%I', f.opfnamespace::pg_catalog.regnamespace, f.opfname)
          from pg_catalog.pg_opfamily f where f.oid operator(pg_catalog.=) c.opcfamily) as family,
       case when c.opckeytype operator(pg_catalog.<>) 0 then pg_catalog.format_type(c.opckeytype, null) end as storage,
       (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.amopstrategy, a.amopopr::pg_catalog.regoperator,
                   case when a.amopsortfamily operator(pg_catalog.<>) 0 then
                       (select pg_catalog.format('for order by %s.%I', s.opfnamespace::pg_catalog.regnamespace, s.opfname)
                          from pg_catalog.pg_opfamily s where s.oid operator(pg_catalog.=) a.amopsortfamily) end),
                   E'\n' order by a.amopstrategy, a.amopopr::pg_catalog.regoperator::pg_catalog.text collate pg_catalog."C")
          from pg_catalog.pg_depend d
          join pg_catalog.pg_amop a on a.oid operator(pg_catalog.=) d.objid
         where d.classid operator(pg_catalog.=) 'pg_catalog.pg_amop'::pg_catalog.regclass
           and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_opclass'::pg_catalog.regclass
           and d.refobjid operator(pg_catalog.=) c.oid) as operators,
       (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.amprocnum,
                   pg_catalog.format('(%s, %s)', pg_catalog.format_type(a.amproclefttype, null),
                                     pg_catalog.format_type(a.amprocrighttype, null)),
                   a.amproc::pg_catalog.oid::pg_catalog.regprocedure),
                   E'\n' order by a.amprocnum, pg_catalog.format_type(a.amproclefttype, null) collate pg_catalog."C",
                                  pg_catalog.format_type(a.amprocrighttype, null) collate pg_catalog."C")
          from pg_catalog.pg_depend d
          join pg_catalog.pg_amproc a on a.oid operator(pg_catalog.=) d.objid
         where d.classid operator(pg_catalog.=) 'pg_catalog.pg_amproc'::pg_catalog.regclass
           and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_opclass'::pg_catalog.regclass
           and d.refobjid operator(pg_catalog.=) c.oid) as functions
  from pg_catalog.pg_opclass c
  join pg_catalog.pg_am m on m.oid operator(pg_catalog.=) c.opcmethod
 where c.oid operator(pg_catalog.>=) 16384
