-- The fingerprint of the catalogs: for each kind of thing how many there are and a hash over
-- what they are. Equal before a dump and after its restore by the same major version, so
-- left out is what a dump does not keep: numbers of columns, objects of extensions, invalid
-- indexes, copies that partitions have of their parents' constraints, positions of sequences,
-- the server's own notes among a column's options (pg_attver=N, which 15.20 counts up).
-- Expressions lose their casts, parentheses and blanks: PostgreSQL moves those when it reads
-- back what it printed ("x in ('a', 'b')" of a varchar is the best known). search_path is empty.
with theirs as materialized (
    select classid, objid from pg_catalog.pg_depend where deptype operator(pg_catalog.=) 'e'
), spaces as materialized (
    select n.oid, n.nspname, n.nspowner, n.nspacl
      from pg_catalog.pg_namespace n
     where n.nspname operator(pg_catalog.!~) '^pg_' and n.nspname operator(pg_catalog.<>) 'information_schema'
       and not exists (select from theirs t
                       where t.classid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
                         and t.objid operator(pg_catalog.=) n.oid)
), relations as materialized (
    select c.*, s.nspname, pg_catalog.format('%I.%I', s.nspname, c.relname) as name
      from pg_catalog.pg_class c
      join spaces s on s.oid operator(pg_catalog.=) c.relnamespace
     where c.relpersistence operator(pg_catalog.<>) 't'
       and not exists (select from theirs t
                       where t.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                         and t.objid operator(pg_catalog.=) c.oid)
), functions as materialized (
    select p.*, pg_catalog.format('%I.%I(%s)', s.nspname, p.proname,
                                  pg_catalog.pg_get_function_identity_arguments(p.oid)) as name
      from pg_catalog.pg_proc p
      join spaces s on s.oid operator(pg_catalog.=) p.pronamespace
     where not exists (select from theirs t
                       where t.classid operator(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                         and t.objid operator(pg_catalog.=) p.oid)
), types as materialized (
    select y.*, pg_catalog.format('%I.%I', s.nspname, y.typname) as name
      from pg_catalog.pg_type y
      join spaces s on s.oid operator(pg_catalog.=) y.typnamespace
     where y.typtype operator(pg_catalog.=) any ('{b,d,e,r}') and y.typcategory operator(pg_catalog.<>) 'A'
       and not exists (select from theirs t
                       where t.classid operator(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
                         and t.objid operator(pg_catalog.=) y.oid)
), others as (
    select 'pg_catalog.pg_cast'::pg_catalog.regclass as class, oid from pg_catalog.pg_cast
    union all select 'pg_catalog.pg_operator'::pg_catalog.regclass, oid from pg_catalog.pg_operator
    union all select 'pg_catalog.pg_opclass'::pg_catalog.regclass, oid from pg_catalog.pg_opclass
    union all select 'pg_catalog.pg_opfamily'::pg_catalog.regclass, oid from pg_catalog.pg_opfamily
    union all select 'pg_catalog.pg_conversion'::pg_catalog.regclass, oid from pg_catalog.pg_conversion
    union all select 'pg_catalog.pg_collation'::pg_catalog.regclass, oid from pg_catalog.pg_collation
    union all select 'pg_catalog.pg_language'::pg_catalog.regclass, oid from pg_catalog.pg_language
    union all select 'pg_catalog.pg_transform'::pg_catalog.regclass, oid from pg_catalog.pg_transform
    union all select 'pg_catalog.pg_am'::pg_catalog.regclass, oid from pg_catalog.pg_am
    union all select 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid from pg_catalog.pg_ts_config
    union all select 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, oid from pg_catalog.pg_ts_dict
    union all select 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, oid from pg_catalog.pg_ts_parser
    union all select 'pg_catalog.pg_ts_template'::pg_catalog.regclass, oid from pg_catalog.pg_ts_template
    union all select 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, oid
      from pg_catalog.pg_foreign_data_wrapper
    union all select 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid from pg_catalog.pg_foreign_server
    union all select 'pg_catalog.pg_publication'::pg_catalog.regclass, oid from pg_catalog.pg_publication
    union all select 'pg_catalog.pg_publication_rel'::pg_catalog.regclass, oid from pg_catalog.pg_publication_rel
), grants(name, owner, acl, kind) as (
    select c.name, c.relowner, c.relacl, case when c.relkind operator(pg_catalog.=) 'S' then 's' else 'r' end
      from relations c
     where c.relkind operator(pg_catalog.=) any ('{r,p,v,m,f,S}')
    union all select p.name, p.proowner, p.proacl, 'f' from functions p
    union all select y.name, y.typowner, y.typacl, 'T' from types y
    union all select s.nspname, s.nspowner, s.nspacl, 'n' from spaces s
    union all select pg_catalog.concat(c.name, '.', a.attname), c.relowner, a.attacl, 'c'
      from relations c join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid
       and a.attacl is not null and not a.attisdropped
), things(kind, line, expression) as (
    select 'schemas', s.nspname::pg_catalog.text, null from spaces s
    union all
    select 'extensions', pg_catalog.concat_ws('|', e.extname, e.extnamespace::pg_catalog.regnamespace), null
      from pg_catalog.pg_extension e
    union all
    select 'relations',
           pg_catalog.concat_ws('|', c.name, c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity,
                                c.relforcerowsecurity, pg_catalog.array_to_string(c.reloptions, ','),
                                c.relispartition, (case when c.reloftype operator(pg_catalog.<>) 0 then c.reloftype
                                                   end)::pg_catalog.regtype),
           pg_catalog.concat_ws('|', pg_catalog.pg_get_partkeydef(c.oid),
                                pg_catalog.pg_get_expr(c.relpartbound, c.oid))
      from relations c
     where c.relkind operator(pg_catalog.=) any ('{r,p,v,m,f,S,c}')
    union all
    select 'inheritance', pg_catalog.concat_ws('|', c.name, i.inhparent::pg_catalog.regclass), null
      from relations c
      join pg_catalog.pg_inherits i on i.inhrelid operator(pg_catalog.=) c.oid
     where c.relkind operator(pg_catalog.=) any ('{r,p,f}')
    union all
    select 'columns',
           pg_catalog.concat_ws('|', c.name,
               case when exists (select from pg_catalog.pg_inherits i
                                 where i.inhrelid operator(pg_catalog.=) c.oid) then 0
                    else pg_catalog.row_number() over (partition by c.oid order by a.attnum) end,
               a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               a.attgenerated,
               case when c.relkind operator(pg_catalog.=) any ('{r,p,m}') then a.attstorage end,
               (select k.collname from pg_catalog.pg_collation k where k.oid operator(pg_catalog.=) a.attcollation
                    and k.oid operator(pg_catalog.<>) y.typcollation),
               (select pg_catalog.string_agg(o.line, ',' order by o.at)
                  from pg_catalog.unnest(a.attoptions) with ordinality o(line, at)
                 where o.line operator(pg_catalog.!~) '^pg_'),
               pg_catalog.array_to_string(a.attfdwoptions, ',')),
           pg_catalog.pg_get_expr(d.adbin, d.adrelid)
      from relations c
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid
       and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped
      join pg_catalog.pg_type y on y.oid operator(pg_catalog.=) a.atttypid
      left join pg_catalog.pg_attrdef d on d.adrelid operator(pg_catalog.=) c.oid
       and d.adnum operator(pg_catalog.=) a.attnum
     where c.relkind operator(pg_catalog.=) any ('{r,p,v,m,f,c}')
    union all
    select 'constraints', pg_catalog.concat_ws('|', coalesce(c.name, y.name), n.conname, n.contype, n.convalidated),
           pg_catalog.pg_get_constraintdef(n.oid)
      from pg_catalog.pg_constraint n
      left join relations c on c.oid operator(pg_catalog.=) n.conrelid
      left join types y on y.oid operator(pg_catalog.=) n.contypid
     where n.contype operator(pg_catalog.=) any ('{c,f,p,u,x}') and n.conparentid operator(pg_catalog.=) 0
       and (c.oid is not null or y.oid is not null)
    union all
    select 'indexes',
           pg_catalog.concat_ws('|', c.name, i.indisunique, i.indisprimary, i.indisclustered, i.indisreplident),
           pg_catalog.pg_get_indexdef(c.oid)
      from relations c
      join pg_catalog.pg_index i on i.indexrelid operator(pg_catalog.=) c.oid
     where i.indisvalid or c.relkind operator(pg_catalog.=) 'I'
    union all
    select 'views', c.name, pg_catalog.pg_get_viewdef(c.oid) from relations c
     where c.relkind operator(pg_catalog.=) any ('{v,m}')
    union all
    select 'rules', pg_catalog.concat_ws('|', c.name, r.rulename, r.ev_enabled), pg_catalog.pg_get_ruledef(r.oid)
      from relations c
      join pg_catalog.pg_rewrite r on r.ev_class operator(pg_catalog.=) c.oid
       and r.rulename operator(pg_catalog.<>) '_RETURN'
    union all
    select 'triggers', pg_catalog.concat_ws('|', c.name, t.tgname, t.tgenabled), pg_catalog.pg_get_triggerdef(t.oid)
      from relations c
      join pg_catalog.pg_trigger t on t.tgrelid operator(pg_catalog.=) c.oid and not t.tgisinternal
    union all
    select 'event triggers',
           pg_catalog.concat_ws('|', t.evtname, t.evtevent, t.evtenabled, t.evtfoid::pg_catalog.regproc,
                                pg_catalog.array_to_string(t.evttags, ',')), null
      from pg_catalog.pg_event_trigger t
     where not exists (select from theirs e
                       where e.classid operator(pg_catalog.=) 'pg_catalog.pg_event_trigger'::pg_catalog.regclass
                         and e.objid operator(pg_catalog.=) t.oid)
    union all
    select 'policies',
           pg_catalog.concat_ws('|', c.name, p.polname, p.polcmd, p.polpermissive,
               (select pg_catalog.string_agg(coalesce(r.rolname, 'public'), ',' order by r.rolname)
                  from pg_catalog.unnest(p.polroles) as u(oid)
                  left join pg_catalog.pg_roles r on r.oid operator(pg_catalog.=) u.oid)),
           pg_catalog.concat_ws('|', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
                                pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
      from relations c
      join pg_catalog.pg_policy p on p.polrelid operator(pg_catalog.=) c.oid
    union all
    select 'sequences',
           pg_catalog.concat_ws('|', c.name, s.seqtypid::pg_catalog.regtype, s.seqstart, s.seqincrement, s.seqmin,
                                s.seqmax, s.seqcache, s.seqcycle), null
      from relations c
      join pg_catalog.pg_sequence s on s.seqrelid operator(pg_catalog.=) c.oid
    union all
    select 'types',
           pg_catalog.concat_ws('|', y.name, y.typtype, y.typnotnull,
               case when y.typtype operator(pg_catalog.=) 'd' then pg_catalog.format_type(y.typbasetype, y.typtypmod) end,
               (select pg_catalog.string_agg(e.enumlabel, ',' order by e.enumsortorder)
                  from pg_catalog.pg_enum e where e.enumtypid operator(pg_catalog.=) y.oid),
               (select r.rngsubtype::pg_catalog.regtype from pg_catalog.pg_range r
                 where r.rngtypid operator(pg_catalog.=) y.oid)),
           y.typdefault
      from types y
    union all
    select 'functions', p.name, pg_catalog.pg_get_functiondef(p.oid) from functions p
     where p.prokind operator(pg_catalog.<>) 'a'
    union all
    select 'aggregates',
           pg_catalog.concat_ws('|', p.name, a.aggtransfn::pg_catalog.regproc, a.aggfinalfn::pg_catalog.regproc,
                                a.agginitval), null
      from functions p
      join pg_catalog.pg_aggregate a on a.aggfnoid operator(pg_catalog.=) p.oid
    union all
    select 'statistics', s.stxname::pg_catalog.text, pg_catalog.pg_get_statisticsobjdef(s.oid)
      from pg_catalog.pg_statistic_ext s
      join spaces n on n.oid operator(pg_catalog.=) s.stxnamespace
     where not exists (select from theirs t
                       where t.classid operator(pg_catalog.=) 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass
                         and t.objid operator(pg_catalog.=) s.oid)
    union all
    select 'other objects', pg_catalog.concat_ws('|', i.type, i.identity), null
      from others o
     cross join lateral pg_catalog.pg_identify_object(o.class, o.oid, 0) i
     where o.oid operator(pg_catalog.>=) 16384
       and not exists (select from theirs t
                       where t.classid operator(pg_catalog.=) o.class
                         and t.objid operator(pg_catalog.=) o.oid)
    union all
    select 'comments', pg_catalog.concat_ws('|', i.type, i.identity, d.description), null
      from pg_catalog.pg_description d
     cross join lateral pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) i
     where (d.objoid operator(pg_catalog.>=) 16384
            or (d.classoid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
                and i.identity operator(pg_catalog.=) 'public'))
       and d.classoid operator(pg_catalog.<>) 'pg_catalog.pg_extension'::pg_catalog.regclass
       and not exists (select from theirs t
                       where t.classid operator(pg_catalog.=) d.classoid
                         and t.objid operator(pg_catalog.=) d.objoid)
    union all
    select 'owners', pg_catalog.concat_ws('|', g.kind, g.name, pg_catalog.pg_get_userbyid(g.owner)), null
      from grants g
     where g.kind operator(pg_catalog.<>) 'c'
    union all
    select 'privileges',
           pg_catalog.concat_ws('|', g.kind, g.name, coalesce(r.rolname, 'public'), a.privilege_type,
                                a.is_grantable), null
      from grants g
     cross join lateral pg_catalog.aclexplode(
               coalesce(g.acl, pg_catalog.acldefault(g.kind::pg_catalog."char", g.owner))) a
      left join pg_catalog.pg_roles r on r.oid operator(pg_catalog.=) a.grantee
     where a.grantee operator(pg_catalog.=) 0 or r.oid is not null
    union all
    select 'default privileges',
           pg_catalog.concat_ws('|', pg_catalog.pg_get_userbyid(d.defaclrole),
                                (case when d.defaclnamespace operator(pg_catalog.<>) 0 then d.defaclnamespace
                                 end)::pg_catalog.regnamespace, d.defaclobjtype,
                                coalesce(r.rolname, 'public'), a.privilege_type, a.is_grantable), null
      from pg_catalog.pg_default_acl d
     cross join lateral pg_catalog.aclexplode(d.defaclacl) a
      left join pg_catalog.pg_roles r on r.oid operator(pg_catalog.=) a.grantee
     where a.grantee operator(pg_catalog.=) 0 or r.oid is not null
)
select t.kind, pg_catalog.count(*),
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(
           pg_catalog.concat(t.line, '|', pg_catalog.regexp_replace(pg_catalog.regexp_replace(t.expression,
               E'::("[^"]+"|character varying|double precision|bit varying|time(stamp)?(\\(\\d\\))? with(out)? time zone|[\\w.]+)(\\(\\d+(,\\d+)?\\))?(\\[\\])*',
               '', 'g'), E'[()\\s]+', '', 'g')),
           E'\n' order by t.line collate pg_catalog."C", t.expression collate pg_catalog."C"), 'UTF8')), 'hex')
  from things t
 group by t.kind
 order by t.kind
