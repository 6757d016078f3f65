create temp table c (a text);
copy c from stdin;
last\n;'
no newline