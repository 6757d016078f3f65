-- Rows that no chunk would come by: without a key, or with the one the first chunk starts after.
-- schema is that of the type's operators.
select exists (select from :table k where k.:column is null),
       exists (select from :table k where k.:column operator(:schema.<=) cast($1::pg_catalog.text as :type))
