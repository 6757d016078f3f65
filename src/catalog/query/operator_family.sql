-- Its operators and functions are those that belong to no class.
select f.oid,
       f.opfnamespace as schema,
       pg_catalog.quote_ident(f.opfname) as name,
       pg_catalog.concat(' using ', pg_catalog.quote_ident(m.amname)) as tail,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(f.opfowner)) as owner,
       (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.amopstrategy, a.amopopr::pg_catalog.regoperator,
                   case when a.amopsortfamily operator(pg_catalog.<>) 0 then
                       (select pg_catalog.format('for order by %s.%I', s.opfnamespace::pg_catalog.regnamespace, s.opfname)
                          from pg_catalog.pg_opfamily s where s.oid operator(pg_catalog.=) a.amopsortfamily) end),
                   E'\n' order by a.amopstrategy, a.amopopr::pg_catalog.regoperator::pg_catalog.text collate pg_catalog."C")
          from pg_catalog.pg_amop a
         where a.amopfamily operator(pg_catalog.=) f.oid
           and not exists (select from pg_catalog.pg_depend d
                            where d.classid operator(pg_catalog.=) 'pg_catalog.pg_amop'::pg_catalog.regclass
                              and d.objid operator(pg_catalog.=) a.oid
                              and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_opclass'::pg_catalog.regclass)
       ) as operators,
       (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.amprocnum,
                   pg_catalog.format('(%s, %s)', pg_catalog.format_type(a.amproclefttype, null),
                                     pg_catalog.format_type(a.amprocrighttype, null)),
                   a.amproc::pg_catalog.oid::pg_catalog.regprocedure),
                   E'\n' order by a.amprocnum, pg_catalog.format_type(a.amproclefttype, null) collate pg_catalog."C",
                                  pg_catalog.format_type(a.amprocrighttype, null) collate pg_catalog."C")
          from pg_catalog.pg_amproc a
         where a.amprocfamily operator(pg_catalog.=) f.oid
           and not exists (select from pg_catalog.pg_depend d
                            where d.classid operator(pg_catalog.=) 'pg_catalog.pg_amproc'::pg_catalog.regclass
                              and d.objid operator(pg_catalog.=) a.oid
                              and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_opclass'::pg_catalog.regclass)
       ) as functions
  from pg_catalog.pg_opfamily f
  join pg_catalog.pg_am m on m.oid operator(pg_catalog.=) f.opfmethod
 where f.oid operator(pg_catalog.>=) 16384
