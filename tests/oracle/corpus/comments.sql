-- a comment; with a semicolon
select 1; -- after; it
/* block ; comment */ select 2;
/* nested /* deeper ; */ still ; */ select 3;
select /* ; */ 4 /* ' */;
select 5 -- ' quote in a comment
;
select 6 --; not the end
, 7;
/**/ select 8; /***/ select 9; /* **/ select 10; /*/ ; */ select 11; /* * / ; */ select 12;
select 1 /* one */ /* two; */ - -1;
select 1 - - 1;
select 1--1;
;
select 1 +/* ; */ 2;
select 1 @-- ; comment
 2;
select 1 *-- ; comment
 2;
select 4 //* ; */ 2;
select 4 /*/* ; */;*/ 2;
-- the comments end at the end of the line \ ; select
select '-- not a comment; ', '/* neither; */';
select "--;", "/*;" from (select 1 as "--;", 2 as "/*;") s;
-- nothing
/* nothing */;
;;
; ; ;
select 13 /* a
comment; of several

lines */, 14;
/* before */ -- and before ;
select 15;
select -- one ;
-- two ;
16;
select 17 /* unbalanced ' and " and $$ ; */;
select 18 */* ; */ 1;
select 19 -/**/- 1;
select 20 <--;
 1;
select 1 -- last ; comment
