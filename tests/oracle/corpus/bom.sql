select 1;
\set x 1
select :x, '﻿;';
