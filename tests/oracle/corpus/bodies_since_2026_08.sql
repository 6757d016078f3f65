create function f11() returns int begin atomic select 1\; select 2; end; select 'after f11';
(x) create function g1() begin atomic select 1; end; select 'after g1';
create (or) function g2() begin atomic select 1; end; select 'after g2';
(create) function g3() begin atomic select 1; end; select 'after g3';
create function f() begin atomic
\if 0
end end
\endif
select 1; end; select 24;
