-- What people write by hand of a migration that was applied; rung fills in the rest.
insert into :"history" (version, description) values ($1, $2)
