-- The index of grades answers a page from what stands in one index, and counts by sums. It is built anew after this:
-- nothing of it is worth carrying over.

DELETE FROM grade_functions;
DELETE FROM grade_profiles;
DELETE FROM grade_builds;
DROP TABLE grade_spans;

-- Few sets of services occur, and they are said by number, from 1 on.
CREATE TABLE grade_offers (
    no       smallint         GENERATED ALWAYS AS IDENTITY CONSTRAINT grade_offers_pkey PRIMARY KEY,
    -- In order, with spaces between.
    services text COLLATE "C" NOT NULL CONSTRAINT grade_offers_content UNIQUE
);

-- Who has which verdict: in [valid_from, valid_to) as known in [known_from, known_to), microseconds since 1970, with
-- everything that a list shows of them.
CREATE TABLE grade_spans (
    known_from bigint           NOT NULL,
    known_to   bigint           NOT NULL,
    valid_from date             NOT NULL,
    valid_to   date             NOT NULL,
    generation integer          NOT NULL,
    region     integer          NOT NULL,
    verdict    smallint         NOT NULL,
    offer      smallint         NOT NULL,
    name_key   bytea            NOT NULL,
    subject    text COLLATE "C" NOT NULL,
    -- The one score of the span, empty for none; absent where there are several: then `scores` has them packed as boxes,
    -- or `many_scores` when they are too many to stand in an index.
    score      text COLLATE "C",
    scores     bytea CHECK (octet_length(scores) <= 1800),
    many_scores bytea,
    CONSTRAINT grade_spans_pkey PRIMARY KEY (generation, subject, verdict, known_from, valid_from)
) WITH (
    fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.02
);
-- A page is read along this one, and does not look at the table.
CREATE INDEX grade_spans_listed ON grade_spans (generation, verdict, name_key, subject)
    INCLUDE (known_from, known_to, valid_from, valid_to, region, offer, score, scores);
-- Where few of many have a verdict at a point, they are found by the point (see 0006).
CREATE INDEX grade_spans_spots ON grade_spans
    USING gist (grade_spot(generation, verdict, known_from, known_to, valid_from, valid_to));
-- A bitmap would find all of them before the first is looked at, however many are wanted.
CREATE FUNCTION grade_spots(spot box, most integer) RETURNS SETOF grade_spans
    LANGUAGE plpgsql STABLE ROWS 100 SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT * FROM grade_spans s
        WHERE grade_spot(s.generation, s.verdict, s.known_from, s.known_to, s.valid_from, s.valid_to) @> spot LIMIT most;
END
$$;
-- Where few are in a place or offer a service.
CREATE INDEX grade_spans_placed ON grade_spans
    (generation, verdict, offer, region, known_to, known_from, valid_from, valid_to);
-- What began or ended since the last whole month: the part of a count that no sum has yet.
CREATE INDEX grade_spans_begun ON grade_spans (generation, known_from)
    INCLUDE (verdict, offer, region, valid_from, valid_to);
CREATE INDEX grade_spans_ended ON grade_spans (generation, known_to)
    INCLUDE (verdict, offer, region, valid_from, valid_to) WHERE known_to < 4611686018427387904;

-- A part of a name is looked up by its characters and pairs of characters: no extension is needed for that. It costs what
-- it does on one name, and is never to be worked out for all.
CREATE FUNCTION grade_grams(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
    SELECT array_agg(DISTINCT substr(name, n, size))
        FROM generate_series(1, length(name)) n, (VALUES (1), (2)) s (size)
$$;
CREATE INDEX grade_profiles_named ON grade_profiles USING gin (grade_grams(name));

-- Sums over the corners of the spans: how many more (or fewer) have a verdict from a day on, as known from an instant of
-- a month on. Those of all months before one and all days up to one, added up, are a count. A month is thirty days since
-- 1970. The sums of everybody have offer 0 and city 0; the others those of one offer and one league or city.
CREATE TABLE grade_tallies (
    generation integer  NOT NULL,
    verdict    smallint NOT NULL,
    offer      smallint NOT NULL,
    city       integer  NOT NULL,
    month      integer  NOT NULL,
    day        date     NOT NULL,
    number     bigint   NOT NULL,
    CONSTRAINT grade_tallies_pkey PRIMARY KEY (generation, verdict, offer, city, month, day)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

GRANT SELECT, INSERT, UPDATE, DELETE ON grade_spans, grade_tallies TO ecodocket_app;
GRANT SELECT, INSERT ON grade_offers TO ecodocket_app;
