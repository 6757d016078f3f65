-- One or two rows for each table named in rung.tables. For each column there is a list of values to try, "#" being
-- the number of the row: the first is the same for all columns of a type, so that foreign keys hold; then what
-- its checks name. What a constraint refuses with all of them has no row; rows without what they refer to are
-- given another parent, or taken out again. For superusers: triggers do not fire.
do $seed$
declare
	wanted constant pg_catalog.text[] := pg_catalog.string_to_array(pg_catalog.current_setting('rung.tables'), pg_catalog.chr(10));
	relation pg_catalog.record;
	key pg_catalog.record;
	round pg_catalog.int4;
	content pg_catalog.text;
	lists pg_catalog.text[];
	candidate pg_catalog.jsonb;
	fitting pg_catalog.jsonb;
	fits pg_catalog.bool;
	pass pg_catalog.int4 := 0;
	gone pg_catalog.int8;
	total pg_catalog.int8;
begin
	for relation in
		select c.oid::pg_catalog.regclass as name,
		       pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum) as columns,
		       pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) order by a.attnum) as types,
		       pg_catalog.array_agg((v.first operator(pg_catalog.||) coalesce(k.named, '[]') operator(pg_catalog.||) v.more)::pg_catalog.text
		                            order by a.attnum) as candidates,
		       pg_catalog.array_agg(pg_catalog.quote_ident(a.attname)::pg_catalog.text order by a.attnum) as names,
		       pg_catalog.array_agg(coalesce((
		           select pg_catalog.string_agg(pg_catalog.format('(%s)', pg_catalog.pg_get_expr(n.conbin, n.conrelid)), ' and ')
		             from pg_catalog.pg_constraint n
		            where n.contype operator(pg_catalog.=) 'c' and n.conrelid operator(pg_catalog.=) c.oid
		              and n.conkey operator(pg_catalog.=) array[a.attnum]),
		           case when t.typtype operator(pg_catalog.=) 'd' then 'true' end) order by a.attnum) as conditions
		  from pg_catalog.pg_class c
		  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and a.attnum operator(pg_catalog.>) 0
		   and not a.attisdropped and a.attgenerated operator(pg_catalog.=) ''
		  join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
		  join pg_catalog.pg_type b on b.oid operator(pg_catalog.=) case when t.typtype operator(pg_catalog.=) 'd' then t.typbasetype else t.oid end
		 cross join lateral (select case
		           when b.typname operator(pg_catalog.=) 'numeric' then '["#.2345", "#", "0"]'
		           when b.typname operator(pg_catalog.=) any ('{float4,float8}') then '["#.5", "#"]'
		           when b.typcategory operator(pg_catalog.=) any ('{N,S}') or b.typname operator(pg_catalog.=) any ('{name,char,tsvector,tsquery}') then '["#"]'
		           when b.typcategory operator(pg_catalog.=) 'B' then '["t", "f"]'
		           when b.typname operator(pg_catalog.=) 'date' then '["2001-01-0#"]'
		           when b.typname operator(pg_catalog.=) any ('{timestamp,timestamptz}') then '["2001-01-0# 01:02:03.456", "2001-01-0#"]'
		           when b.typname operator(pg_catalog.=) 'uuid' then '["0000000#-0000-4000-8000-000000000000"]'
		           when b.typname operator(pg_catalog.=) any ('{json,jsonb}') then '["#", "{}", "[]"]'
		           when b.typname operator(pg_catalog.=) 'interval' then '["# days"]'
		           when b.typname operator(pg_catalog.=) any ('{time,timetz}') then '["01:0#"]'
		           when b.typname operator(pg_catalog.=) 'bytea' then pg_catalog.jsonb_build_array(pg_catalog.concat(pg_catalog.chr(92), 'x0#'))
		           when b.typname operator(pg_catalog.=) any ('{inet,cidr}') then '["10.0.0.#"]'
		           when b.typname operator(pg_catalog.=) any ('{macaddr,macaddr8}') then '["08:00:2b:01:02:0#"]'
		           when b.typname operator(pg_catalog.=) 'xml' then '["<a>#</a>"]'
		           when b.typname operator(pg_catalog.=) 'point' then '["(#,#)"]'
		           when b.typname operator(pg_catalog.=) 'circle' then '["<(0,0),#>"]'
		           when b.typname operator(pg_catalog.=) any ('{box,lseg,path,polygon}') then '["((0,0),(1,#))"]'
		           when b.typname operator(pg_catalog.=) 'varbit' then '["1"]'
		           when b.typname operator(pg_catalog.=) 'bit' then pg_catalog.to_jsonb(pg_catalog."repeat"('1', a.atttypmod))
		           when b.typtype operator(pg_catalog.=) 'e' then (select pg_catalog.jsonb_agg(e.enumlabel order by e.enumsortorder)
		                from pg_catalog.pg_enum e where e.enumtypid operator(pg_catalog.=) b.oid)
		           when b.typtype operator(pg_catalog.=) 'r' then '["empty"]'
		           when b.typcategory operator(pg_catalog.=) 'A' then '["{}", "{#}"]'
		           when b.typtype operator(pg_catalog.=) 'c' then pg_catalog.to_jsonb((select
		                pg_catalog.concat('(', pg_catalog."repeat"(',', (pg_catalog.count(*) operator(pg_catalog.-) 1)::pg_catalog.int4), ')')
		                from pg_catalog.pg_attribute f where f.attrelid operator(pg_catalog.=) b.typrelid
		                 and f.attnum operator(pg_catalog.>) 0 and not f.attisdropped))
		           when a.attnotnull or t.typnotnull then '["#", "{}", "(#,#)"]'
		           else '[null]' end::pg_catalog.jsonb as first,
		       case when b.typcategory operator(pg_catalog.=) 'S' then '["abc", "ABC", "a@b.cc", "https://a.b/c"]'
		            when b.typcategory operator(pg_catalog.=) 'N' then '["-1", "1000", "1000000"]'
		            else '[]' end::pg_catalog.jsonb as more) v
		 cross join lateral (select pg_catalog.jsonb_agg(pg_catalog.replace(coalesce(m[1], m[2]), '''''', '''')) as named
		          from pg_catalog.pg_constraint n
		         cross join lateral pg_catalog.regexp_matches(pg_catalog.pg_get_constraintdef(n.oid),
		               '''((?:[^'']|'''')*)''|([0-9]+(?:[.][0-9]+)?)', 'g') m
		         where n.contype operator(pg_catalog.=) 'c' and b.typcategory operator(pg_catalog.=) any ('{N,S,D,A}')
		           and ((n.conrelid operator(pg_catalog.=) c.oid and a.attnum operator(pg_catalog.=) any (n.conkey))
		                or n.contypid operator(pg_catalog.=) a.atttypid)) k
		 where c.relkind operator(pg_catalog.=) 'r' and c.oid::pg_catalog.regclass::pg_catalog.text operator(pg_catalog.=) any (wanted)
		 group by c.oid
	loop
		-- Of what a check of the column alone or its domain looks at, only what fits.
		lists := relation.candidates;
		for i in 1 .. pg_catalog.cardinality(lists) loop
			continue when relation.conditions[i] is null;
			fitting := '[]';
			for candidate in select e.value from pg_catalog.jsonb_array_elements(lists[i]::pg_catalog.jsonb) e loop
				begin
					execute pg_catalog.format('select %s from (select %L::%s as %s) t', relation.conditions[i],
					    pg_catalog.replace(candidate operator(pg_catalog.#>>) '{}', '#', '1'), relation.types[i], relation.names[i])
					   into fits;
					if coalesce(fits, true) then
						fitting := fitting operator(pg_catalog.||) candidate;
					end if;
				exception when others then null;
				end;
			end loop;
			if pg_catalog.jsonb_array_length(fitting) operator(pg_catalog.>) 0 then
				lists[i] := fitting::pg_catalog.text;
			end if;
		end loop;
		for round in 1 .. 2 loop
			for attempt in 0 .. 11 loop
				select pg_catalog.string_agg(pg_catalog.format('%L::%s', pg_catalog.replace(
				           u.list::pg_catalog.jsonb operator(pg_catalog.->>) ((attempt operator(pg_catalog.+)
				           case when pg_catalog.strpos(u.list, '#') operator(pg_catalog.>) 0 then 0 else round operator(pg_catalog.-) 1 end)
				           operator(pg_catalog.%) pg_catalog.jsonb_array_length(u.list::pg_catalog.jsonb)),
				           '#', round::pg_catalog.text), u.type), ', ' order by u.at)
				  into content
				  from rows from (pg_catalog.unnest(relation.types), pg_catalog.unnest(lists)) with ordinality u(type, list, at);
				begin
					execute pg_catalog.format('insert into %s (%s) overriding system value values (%s)', relation.name, relation.columns, content);
					exit;
				exception when others then null;
				end;
			end loop;
		end loop;
	end loop;
	loop
		total := 0;
		pass := pass operator(pg_catalog.+) 1;
		for key in
			select k.conrelid::pg_catalog.regclass as child, k.confrelid::pg_catalog.regclass as parent,
			       pg_catalog.string_agg(pg_catalog.format('p.%I operator(pg_catalog.=) c.%I', f.attname, a.attname), ' and ') as condition,
			       pg_catalog.string_agg(pg_catalog.format('c.%I is not null', a.attname), ' and ') as filled,
			       pg_catalog.string_agg(pg_catalog.format('%I', a.attname), ', ') as own,
			       pg_catalog.string_agg(pg_catalog.format('p.%I', f.attname), ', ') as theirs
			  from pg_catalog.pg_constraint k
			 cross join rows from (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey)) u(own, other)
			  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) k.conrelid and a.attnum operator(pg_catalog.=) u.own
			  join pg_catalog.pg_attribute f on f.attrelid operator(pg_catalog.=) k.confrelid and f.attnum operator(pg_catalog.=) u.other
			 where k.contype operator(pg_catalog.=) 'f'
			   and k.conrelid::pg_catalog.regclass::pg_catalog.text operator(pg_catalog.=) any (wanted)
			 group by k.oid, k.conrelid, k.confrelid -- no key of catalogs is known before 14
		loop
			-- Keys that share columns may undo each other's: not for ever.
			if pass operator(pg_catalog.<) 5 then
				begin
					execute pg_catalog.format('update %s c set (%s) = (select %s from %s p limit 1) where %s and not exists (select from %s p where %s)',
					                          key.child, key.own, key.theirs, key.parent, key.filled, key.parent, key.condition);
					get diagnostics gone = row_count;
					total := total operator(pg_catalog.+) gone;
				exception when others then null;
				end;
			end if;
			begin
				execute pg_catalog.format('delete from %s c where %s and not exists (select from %s p where %s)',
				                          key.child, key.filled, key.parent, key.condition);
				get diagnostics gone = row_count;
			exception when others then
				execute pg_catalog.format('delete from %s', key.child);
				get diagnostics gone = row_count;
			end;
			total := total operator(pg_catalog.+) gone;
		end loop;
		exit when total operator(pg_catalog.=) 0;
	end loop;
end
$seed$
