-- Whether a btree index of the table begins with the column.
select exists (
    select from pg_catalog.pg_index i
      join pg_catalog.pg_class c on c.oid = i.indexrelid
      join pg_catalog.pg_am m on m.oid = c.relam
      join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
     where i.indrelid = $1::text::regclass and a.attname = $2 and m.amname = 'btree'
       and i.indisvalid and i.indpred is null)
