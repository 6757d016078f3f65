select 1 -- commentselect 2; -- cselect 3;
