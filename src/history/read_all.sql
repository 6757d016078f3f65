-- Until the transaction ends, a policy that would hide rows of the history is an error, and so is a view or a
-- foreign table in the place of one of its tables: servers know of that since August 2024.
select pg_catalog.set_config('row_security', 'off', true),
       case when pg_catalog.current_setting('restrict_nonsystem_relation_kind', true) is not null
            then pg_catalog.set_config('restrict_nonsystem_relation_kind', 'view, foreign-table', true) end
