select 1 operator(pg_catalog.+) 2; select 1 <> 2; select 1 != 2; select 1 <= 2; select 1 => 2;
select 'a' ~ 'b', 'a' !~* 'b', 5 ! , @ -5, 1 # 2, 7 % 3, 2 ^ 3, 1 << 2, 1 | 2, 1 & 2, |/ 4;
select '{}'::jsonb ? 'a', '{}'::jsonb ?| array['a'], '{}'::jsonb @> '{}', '{}'::jsonb #>> '{a}';
select a[1:2], a[:1], a[1:] from (select array[1,2,3] as a) s;
select 1::int, 1 :: int, '1'::text::int; select 1::"int4";
select f(a := 1, b => 2), :, : x, ::int, :::int;
select 1..2, 1.5, .5, 5., 1.e5, 0x1F, 0b11, 0o17, 1_000, 1e, 1e+, 1abc;
select a.*, (b).c, d.e.f; select *;
select `backquote;`;
select #; select 1 ~~* 'x';
select {}; select ?; select \: ;
select 1 <@ 2, 1 -> 2, 1 ->> 2, 1 @@ 2, 1 <-> 2, 1 &&& 2, 1 -|- 2, +-1, -+1, +--1
;
select 1e--; not a comment
+2; select 1e+--; a comment
;
