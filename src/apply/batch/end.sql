-- The last key there is; outputs are the columns of the key as text.
select :outputs from :table k order by :keys_descending limit 1
