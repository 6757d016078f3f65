-- A row of the history as it is, to be put back.
select pg_catalog.to_jsonb(h)::pg_catalog.text as kept from :"history" h
 where h.version operator(pg_catalog.=) $1::bigint
