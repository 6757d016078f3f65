--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.d (
    id integer NOT NULL,
    note text DEFAULT 'x;y'::text
);
COPY public.d (id, note) FROM stdin;
1	a;b
2	\N
3	\\N it's
\.


--
-- Name: d_id_seq; Type: SEQUENCE SET
--

SELECT pg_catalog.setval('public.d_id_seq', 3, true);
ALTER TABLE ONLY public.d
    ADD CONSTRAINT d_pkey PRIMARY KEY (id);
DROP TABLE public.d;
