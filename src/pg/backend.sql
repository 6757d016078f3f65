-- Which backend is reached, and whose rights it gives.
select pg_catalog.pg_backend_pid(), current_user
