-- Rows that no chunk would come by: without a value in this column of the key, or with the key that the first
-- chunk starts after. $1... is that key.
select exists (select from :table k where k.:column is null), exists (select from :table k where (:is_at_start))
