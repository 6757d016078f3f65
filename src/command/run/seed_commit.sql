-- The end of a seed's transaction. Behind a pooler the backend continues to serve somebody else:
-- nothing of the seed's session may stay in it.
set session authorization default;
reset role;
reset all;
set constraints all immediate;
close all;
discard temp;
discard sequences;
unlisten *;
select pg_catalog.pg_advisory_unlock_all();
deallocate all;
commit
