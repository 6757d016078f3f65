-- What another tool applied was applied when it says.
update :"history" set applied_at = $2::timestamptz where version = $1::bigint
