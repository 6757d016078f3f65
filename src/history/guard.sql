-- What about the tables of the history would make us run the code of others when we write to them, or read
-- rows that are not ours: kind, table, what, the statement that ends it, whose it is, whether that role is
-- trusted (we ourselves, a role whose rights we have, a superuser), and the order in which the statements
-- work. $1 as in facts.sql. Code is found by what the catalog says depends on what: from the table to
-- what hangs on it (constraints, indexes, defaults, triggers, rules, policies), from there to functions,
-- types, operators and other relations, and from those on. What is built in is not in pg_depend at all.
with recursive ours as materialized (
    select c.oid, c.relowner, c.relispartition, pg_catalog.format('%I.%I', n.nspname, c.relname) as name
      from pg_catalog.unnest($1::pg_catalog.text[]) t (name)
      join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) pg_catalog.to_regclass(t.name)
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace),
-- One that hangs on a table of ours, or one of its columns, and what it leads to.
reached (of, part_class, part, part_column, classid, objid) as (
    select o.oid, d.classid, d.objid, 0, d.classid, d.objid
      from ours o
      join pg_catalog.pg_depend d
        on d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.refobjid operator(pg_catalog.=) o.oid
     where d.deptype operator(pg_catalog.=) any ('{a,i}'::pg_catalog."char"[])
       and d.classid operator(pg_catalog.<>) 'pg_catalog.pg_type'::pg_catalog.regclass
       and not exists (select from pg_catalog.pg_class c
                        where d.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                          and c.oid operator(pg_catalog.=) d.objid and c.relkind operator(pg_catalog.=) 't')
    union
    select o.oid, 'pg_catalog.pg_constraint'::pg_catalog.regclass, g.tgconstraint, 0,
           'pg_catalog.pg_constraint'::pg_catalog.regclass, g.tgconstraint
      from ours o join pg_catalog.pg_trigger g on g.tgrelid operator(pg_catalog.=) o.oid
     where g.tgconstraint operator(pg_catalog.<>) 0
    union
    select o.oid, d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid
      from ours o
      join pg_catalog.pg_depend d
        on d.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.objid operator(pg_catalog.=) o.oid
     where d.objsubid operator(pg_catalog.>) 0
       and d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
    union
    select r.of, r.part_class, r.part, r.part_column, n.classid, n.objid
      from reached r
     cross join lateral (
           select d.refclassid as classid, d.refobjid as objid
             from pg_catalog.pg_depend d
            where d.classid operator(pg_catalog.=) r.classid and d.objid operator(pg_catalog.=) r.objid
              and d.refclassid operator(pg_catalog.<>) 'pg_catalog.pg_namespace'::pg_catalog.regclass
            union all
           select d.classid, d.objid
             from pg_catalog.pg_depend d
            where d.refclassid operator(pg_catalog.=) r.classid and d.refobjid operator(pg_catalog.=) r.objid
              and d.deptype operator(pg_catalog.=) any ('{a,i}'::pg_catalog."char"[])
              and r.classid operator(pg_catalog.=)
                  any (array['pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid])) n
     where not (n.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                and n.objid operator(pg_catalog.=) r.of)
       and not (r.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                and n.classid operator(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass)),
me as materialized (
    select r.oid, r.rolname, r.rolsuper
      from pg_catalog.pg_roles r
     where r.rolname operator(pg_catalog.=) current_user),
foreign_code as (
    select r.of, r.part_class, r.part, r.part_column, a.owner,
           pg_catalog.min(pg_catalog.pg_describe_object(r.classid, r.objid, 0)) as code
      from reached r
     cross join lateral (
           select p.proowner as owner from pg_catalog.pg_proc p
            where r.classid operator(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
              and p.oid operator(pg_catalog.=) r.objid
            union all
           select t.typowner from pg_catalog.pg_type t
            where r.classid operator(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
              and t.oid operator(pg_catalog.=) r.objid
            union all
           select p.oprowner from pg_catalog.pg_operator p
            where r.classid operator(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
              and p.oid operator(pg_catalog.=) r.objid
            union all
           select c.relowner from pg_catalog.pg_class c
            where r.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
              and c.oid operator(pg_catalog.=) r.objid
              and r.objid operator(pg_catalog.<>) r.part) a
     group by r.of, r.part_class, r.part, r.part_column, a.owner),
found (of, kind, what, fix, owner, step) as (
    select o.oid, 'owner', null, pg_catalog.format('ALTER TABLE %s OWNER TO %I', o.name, me.rolname), o.relowner, 1
      from ours o cross join me
    union all
    select c.of, 'code',
           pg_catalog.format('runs code of %s: %s, by its %s',
               pg_catalog.format('the role "%s"', pg_catalog.pg_get_userbyid(c.owner)), c.code,
               pg_catalog.pg_describe_object(c.part_class, c.part, c.part_column)),
           coalesce(
               (select pg_catalog.format('DROP TRIGGER %I ON %s', g.tgname, o.name) from pg_catalog.pg_trigger g
                 where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_trigger'::pg_catalog.regclass
                   and g.oid operator(pg_catalog.=) c.part),
               (select pg_catalog.format('DROP RULE %I ON %s', w.rulename, o.name) from pg_catalog.pg_rewrite w
                 where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                   and w.oid operator(pg_catalog.=) c.part),
               (select pg_catalog.format('DROP POLICY %I ON %s', y.polname, o.name) from pg_catalog.pg_policy y
                 where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_policy'::pg_catalog.regclass
                   and y.oid operator(pg_catalog.=) c.part),
               (select pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, t.relname, k.conname)
                  from pg_catalog.pg_constraint k
                  join pg_catalog.pg_class t on t.oid operator(pg_catalog.=) k.conrelid
                  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) t.relnamespace
                 where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_constraint'::pg_catalog.regclass
                   and k.oid operator(pg_catalog.=) c.part),
               (select pg_catalog.format('ALTER TABLE %s %sALTER COLUMN %I %s', o.name,
                           case when a.attgenerated operator(pg_catalog.<>) ''
                                then pg_catalog.format('ALTER COLUMN %I DROP EXPRESSION, ', a.attname) end,
                           a.attname,
                           case when a.attname operator(pg_catalog.=) any (array['applied_at', 'started_at', 'updated_at'])
                                then 'SET DEFAULT pg_catalog.now()'
                                when a.attname operator(pg_catalog.=) any (array['statements_done', 'rows_in_pass', 'rows', 'turns'])
                                then 'SET DEFAULT 0'
                                when a.attname operator(pg_catalog.=) 'pass' then 'SET DEFAULT 1'
                                when a.attname operator(pg_catalog.=) 'state' then 'SET DEFAULT ''applied'''
                                else 'DROP DEFAULT' end)
                  from pg_catalog.pg_attrdef d
                  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) d.adrelid
                                                and a.attnum operator(pg_catalog.=) d.adnum
                 where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                   and d.oid operator(pg_catalog.=) c.part),
               (select pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', o.name, k.conname)
                  from pg_catalog.pg_constraint k
                 where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                   and k.conrelid operator(pg_catalog.=) o.oid and k.conindid operator(pg_catalog.=) c.part
                   and k.contype operator(pg_catalog.=) any ('{p,u,x}'::pg_catalog."char"[])),
               (select pg_catalog.format('DROP INDEX %I.%I', n.nspname, i.relname)
                  from pg_catalog.pg_class i
                  join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) i.relnamespace
                 where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                   and i.oid operator(pg_catalog.=) c.part and i.relkind operator(pg_catalog.=) any ('{i,I}'::pg_catalog."char"[])),
               pg_catalog.format('ALTER TABLE %s RENAME TO %I', o.name,
                   pg_catalog.concat((select t.relname from pg_catalog.pg_class t where t.oid operator(pg_catalog.=) o.oid), '_aside'))),
           c.owner, 2
      from foreign_code c join ours o on o.oid operator(pg_catalog.=) c.of
     where not exists (select from pg_catalog.pg_constraint k
                        where c.part_class operator(pg_catalog.=) 'pg_catalog.pg_constraint'::pg_catalog.regclass
                          and k.oid operator(pg_catalog.=) c.part and k.contype operator(pg_catalog.=) 't')
    union all
    select o.oid, 'inherited', pg_catalog.format('also shows the rows of "%s", which inherits from it', c.relname),
           pg_catalog.format(case when c.relispartition then 'ALTER TABLE %2$s DETACH PARTITION %1$s'
                                  else 'ALTER TABLE %s NO INHERIT %s' end,
                             pg_catalog.format('%I.%I', n.nspname, c.relname), o.name), null, 3
      from ours o
      join pg_catalog.pg_inherits i on i.inhparent operator(pg_catalog.=) o.oid
      join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.inhrelid
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
    union all
    select o.oid, 'parent', pg_catalog.format('inherits from "%s"', c.relname),
           pg_catalog.format(case when o.relispartition then 'ALTER TABLE %2$s DETACH PARTITION %1$s'
                                  else 'ALTER TABLE %s NO INHERIT %s' end,
                             o.name, pg_catalog.format('%I.%I', n.nspname, c.relname)), null, 3
      from ours o
      join pg_catalog.pg_inherits i on i.inhrelid operator(pg_catalog.=) o.oid
      join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.inhparent
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace)
select f.kind, o.name, coalesce(f.what, pg_catalog.format('belongs to the role "%s"', r.rolname)), f.fix, r.rolname,
       r.rolsuper or r.oid operator(pg_catalog.=) me.oid
           or (not me.rolsuper and pg_catalog.pg_has_role(me.oid, r.oid, 'USAGE')) as is_trusted
  from found f
  join ours o on o.oid operator(pg_catalog.=) f.of
 cross join me
  left join pg_catalog.pg_roles r on r.oid operator(pg_catalog.=) f.owner
 where f.kind operator(pg_catalog.<>) 'owner'
    or not (r.rolsuper or r.oid operator(pg_catalog.=) me.oid
            or (not me.rolsuper and pg_catalog.pg_has_role(me.oid, r.oid, 'USAGE')))
 order by f.step, o.name, is_trusted, f.what, f.fix
