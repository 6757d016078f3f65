-- A migration was rolled back.
delete from :"history" where version = $1::bigint
