-- Where the server keeps its data, when it is on this machine and we may know it.
select s.setting
  from pg_catalog.pg_settings s
 where s.name operator(pg_catalog.=) 'data_directory' and pg_catalog.inet_server_addr() is null
