-- One or two rows for each table named in $1, of values that are the same for all columns of a type, so that
-- foreign keys hold. What a constraint refuses has no row, and rows without what they refer to are taken out
-- again. For superusers: triggers do not fire.
do $seed$
declare
	wanted constant pg_catalog.text[] := pg_catalog.string_to_array(pg_catalog.current_setting('rung.tables'), pg_catalog.chr(10));
	relation pg_catalog.record;
	key pg_catalog.record;
	round pg_catalog.int4;
	gone pg_catalog.int8;
	total pg_catalog.int8;
begin
	for relation in
		select c.oid::pg_catalog.regclass as name,
		       pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum) as columns,
		       pg_catalog.string_agg(pg_catalog.format(
		           case when b.typcategory operator(pg_catalog.=) 'N' and b.typname operator(pg_catalog.<>) 'money' then '%s::pg_catalog.text::%s'
		                when b.typname operator(pg_catalog.=) any ('{text,varchar,bpchar,name,char}') then '%s::pg_catalog.text::%s'
		                when b.typcategory operator(pg_catalog.=) 'B' then '(%s operator(pg_catalog.=) 1)::%s'
		                when b.typname operator(pg_catalog.=) any ('{date,timestamp,timestamptz}') then '(pg_catalog.concat(''2001-01-0'', %s))::%s'
		                when b.typname operator(pg_catalog.=) 'uuid' then '(pg_catalog.md5(%s::pg_catalog.text))::%s'
		                when b.typname operator(pg_catalog.=) any ('{json,jsonb}') then '(%s::pg_catalog.text)::%s'
		                when b.typname operator(pg_catalog.=) 'interval' then '(pg_catalog.concat(%s, '' days''))::%s'
		                when b.typname operator(pg_catalog.=) any ('{time,timetz}') then '(pg_catalog.concat(''01:0'', %s))::%s'
		                when b.typname operator(pg_catalog.=) 'bytea' then '(pg_catalog.convert_to(%s::pg_catalog.text, ''UTF8''))::%s'
		                when b.typname operator(pg_catalog.=) any ('{inet,cidr}') then '(pg_catalog.concat(''10.0.0.'', %s))::%s'
		                when b.typtype operator(pg_catalog.=) 'e' then pg_catalog.concat('(pg_catalog.enum_range(null::', b.oid::pg_catalog.regtype, '))[%s]::%s')
		                when b.typcategory operator(pg_catalog.=) 'A' then '(case when %s operator(pg_catalog.>) 0 then ''{}'' end)::%s'
		                else '(case when %s operator(pg_catalog.<) 0 then '''' end)::%s' end,
		           'r.n', pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum) as "values"
		  from pg_catalog.pg_class c
		  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and a.attnum operator(pg_catalog.>) 0
		   and not a.attisdropped and a.attgenerated operator(pg_catalog.=) ''
		  join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
		  join pg_catalog.pg_type b on b.oid operator(pg_catalog.=) case when t.typtype operator(pg_catalog.=) 'd' then t.typbasetype else t.oid end
		 where c.relkind operator(pg_catalog.=) 'r' and c.oid::pg_catalog.regclass::pg_catalog.text operator(pg_catalog.=) any (wanted)
		 group by c.oid
	loop
		for round in 1 .. 2 loop
			begin
				execute pg_catalog.format('insert into %s (%s) overriding system value select %s from (values (%s)) r(n)',
				                          relation.name, relation.columns, relation."values", round);
			exception when others then null;
			end;
		end loop;
	end loop;
	loop
		total := 0;
		for key in
			select k.conrelid::pg_catalog.regclass as child, k.confrelid::pg_catalog.regclass as parent,
			       pg_catalog.string_agg(pg_catalog.format('p.%I operator(pg_catalog.=) c.%I', f.attname, a.attname), ' and ') as condition,
			       pg_catalog.string_agg(pg_catalog.format('c.%I is not null', a.attname), ' and ') as filled
			  from pg_catalog.pg_constraint k
			 cross join rows from (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey)) u(own, other)
			  join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) k.conrelid and a.attnum operator(pg_catalog.=) u.own
			  join pg_catalog.pg_attribute f on f.attrelid operator(pg_catalog.=) k.confrelid and f.attnum operator(pg_catalog.=) u.other
			 where k.contype operator(pg_catalog.=) 'f'
			   and k.conrelid::pg_catalog.regclass::pg_catalog.text operator(pg_catalog.=) any (wanted)
			 group by k.oid
		loop
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
