-- Whether a btree index of the table begins with the column.
select exists (
    select from pg_catalog.pg_index i
      join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) i.indexrelid
      join pg_catalog.pg_am m on m.oid operator(pg_catalog.=) c.relam
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) i.indrelid
       and a.attnum operator(pg_catalog.=) i.indkey[0]
     where i.indrelid operator(pg_catalog.=) $1::pg_catalog.text::pg_catalog.regclass
       and a.attname operator(pg_catalog.=) $2 and m.amname operator(pg_catalog.=) 'btree'
       and i.indisvalid and i.indpred is null)
