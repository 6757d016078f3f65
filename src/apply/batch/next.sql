-- Where a chunk of $1 rows ends: the key before as many others that are after $2... and not beyond the last.
select :outputs from :table k where (:is_behind) and (:is_within) order by :keys limit 1 offset $1::bigint
