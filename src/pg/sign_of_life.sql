-- Nothing is asked: something has to pass over an idle line.
select
