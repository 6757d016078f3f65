-- Of these extensions: whether the server has it, and whether only a superuser may create it.
-- "trusted" came with version 13.
select w.name,
       v.name is not null,
       coalesce((v.line operator(pg_catalog.->>) 'superuser')::pg_catalog.bool, false)
           and not coalesce((v.line operator(pg_catalog.->>) 'trusted')::pg_catalog.bool, false)
  from pg_catalog.unnest($1::pg_catalog.text[]) as w(name)
  left join (select e.name, pg_catalog.to_jsonb(e) as line
               from pg_catalog.pg_available_extension_versions e
               join pg_catalog.pg_available_extensions a
                 on a.name operator(pg_catalog.=) e.name and a.default_version operator(pg_catalog.=) e.version) v
    on v.name operator(pg_catalog.=) w.name::pg_catalog.name
