select 'a;b', 'it''s; here', '' , '''', ''';''';
select E'back\\slash;', E'it\'s; here', E'\'', e'\\'';', E'\\\';' ;
select 'standard \', ';', '\\';
select U&'d\0061t\+000061;', u&'x;' UESCAPE '!', U&"d;\0061" from (select 1 as "d;a") s;
select B'0101;', b'1', X'1F;', x'', N'nat;ional', n'x';
select nE'x', abcE'\';';
select 'two
lines; one literal

with an empty line';
select 'con' 'same';
select 'con'
'tinued; here', 'a'   -- comment ; '
  'b;';
select E'a;\'b'
'c';
select 'open
'' ; still';
select 1E'\', ';', 1e5, 1e+5, 1.5e-3;
select _utf8'x;', Ue'\';';
select '--', '/*', '$$', '*/', '";"';
select ''';'''' ; ';
