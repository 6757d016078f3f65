-- What another tool applied was applied when it says.
update :"history" set applied_at = $2::pg_catalog.timestamptz where version operator(pg_catalog.=) $1::bigint
