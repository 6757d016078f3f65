select r.rolsuper from pg_catalog.pg_roles r where r.rolname operator(pg_catalog.=) current_user
