-- Whether a file that is applied was last applied over what it had made before: what it says since then need not be
-- what the database has.
select exists (
    select from :"history" h
     cross join lateral (
           select l.action
             from :"history_log" l
            where l.version operator(pg_catalog.=) h.version
              and l.outcome operator(pg_catalog.=) 'done'
              and l.action operator(pg_catalog.=)
                  any (array['apply', 'reapply', 'converge', 'resume', 'stamp', 'adopt', 'import'])
            order by l.id desc
            limit 1) newest
     where newest.action operator(pg_catalog.=) 'reapply')
