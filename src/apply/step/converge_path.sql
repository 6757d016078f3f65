-- What is generated names everything in full but what the server has; that is looked for first, and bodies of
-- functions find what they always did.
select pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'pg_catalog',
           case when pg_catalog.current_setting('search_path') operator(pg_catalog.<>) ''
                then pg_catalog.current_setting('search_path') end), true)
