select $$a;b$$, $$ ' $$, $$ $ $$, $$ $a$ ; $$;
select $a$ ; $b$ ; $$ ; $A$ ; $aa$ ; $a $ ; $a$;
select $_1$ ; $_1$, $ä$ ; $ä$;
select $a1$;$a$;$a1$;
select $x$;$x$,$y$;$y$;
select a$$b;
select 1$$;$$;
select $1;
select $1$$;$$;
select $1a$$b;
select $1 a $$;$$;
select $ $ ; select $a b$ ; select $a;b$ ;
do $body$
begin
	perform ';';
	-- it's fine
	execute $x$ select ';' $x$;
end;
$body$;
create or replace function f() returns void language plpgsql as $$ begin null; end; $$; select 1;
select $outer$ $inner$ ; $inner$ $outer$;
select $a$$a$, $$$$, $a$ $a$;
select $é1$ $é$ ; $é1$;
select $a$b$a$,$a$;$a$;
