select 'two'; select ';'
