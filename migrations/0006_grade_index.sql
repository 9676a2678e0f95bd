-- The index of grades: the running track of every subject over both times, as it follows from the journal. Everything
-- here can be built anew at any time, and is, beside the generation in use, when the code has changed.

CREATE TABLE grade_builds (
    generation integer          GENERATED ALWAYS AS IDENTITY CONSTRAINT grade_builds_pkey PRIMARY KEY,
    engine     text COLLATE "C" NOT NULL,
    is_current boolean          NOT NULL DEFAULT false,
    -- Kept up to this position of the journal; 0 while it is being filled up to `upto`, and has come to `after`.
    position   bigint           NOT NULL DEFAULT 0,
    known_at   bigint           NOT NULL DEFAULT 0,
    upto       bigint           NOT NULL,
    after      text COLLATE "C",
    -- The last subject computed anew because of a change of the law that comes next.
    renewing   text COLLATE "C",
    subjects   bigint           NOT NULL DEFAULT 0,
    -- The event that stops it, as JSON.
    stopped    text
);
CREATE UNIQUE INDEX grade_builds_current ON grade_builds (is_current) WHERE is_current;

-- Few verdicts occur, and they are said by number. An empty text stands for what is absent.
CREATE TABLE grade_verdicts (
    no           smallint         GENERATED ALWAYS AS IDENTITY CONSTRAINT grade_verdicts_pkey PRIMARY KEY,
    regime       text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    grade        text COLLATE "C" NOT NULL,
    undetermined text COLLATE "C" NOT NULL,
    risk         text COLLATE "C" NOT NULL,
    colour       text COLLATE "C" NOT NULL,
    CONSTRAINT grade_verdicts_content UNIQUE (regime, kind, grade, undetermined, risk, colour)
);

-- Who has which verdict: in [valid_from, valid_to) as known in [known_from, known_to), microseconds since 1970.
CREATE TABLE grade_spans (
    known_from bigint           NOT NULL,
    known_to   bigint           NOT NULL,
    valid_from date             NOT NULL,
    valid_to   date             NOT NULL,
    generation integer          NOT NULL,
    region     integer          NOT NULL,
    verdict    smallint         NOT NULL,
    name_key   bytea            NOT NULL,
    subject    text COLLATE "C" NOT NULL,
    CONSTRAINT grade_spans_pkey PRIMARY KEY (generation, subject, verdict, known_from, valid_from)
) WITH (
    autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.02
);
-- A page reads along this one, and never looks at the table.
CREATE INDEX grade_spans_listed ON grade_spans (generation, verdict, name_key, subject)
    INCLUDE (known_from, known_to, valid_from, valid_to, region);
-- Where few of many have a verdict at a point, it is found by the point: generation and verdict stand in the second axis
-- beside the day, each with room for all days there are.
CREATE FUNCTION grade_spot(generation integer, verdict smallint, known_from bigint, known_to bigint, valid_from date,
                           valid_to date) RETURNS box LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT box(point(known_from, (generation * 1000 + verdict)::double precision * 4000000 + (valid_from - DATE '0001-01-01')),
               point(known_to, (generation * 1000 + verdict)::double precision * 4000000 + (valid_to - DATE '0001-01-01')))
$$;
CREATE INDEX grade_spans_spots ON grade_spans
    USING gist (grade_spot(generation, verdict, known_from, known_to, valid_from, valid_to));
-- Counts read what was not superseded by the moment asked about: for the present few spans more than are counted.
CREATE INDEX grade_spans_counted ON grade_spans (generation, verdict, known_to, known_from, valid_from, valid_to, region);

-- What a list is narrowed by beside grade and region.
CREATE TABLE grade_profiles (
    known_from bigint           NOT NULL,
    known_to   bigint           NOT NULL,
    valid_from date             NOT NULL,
    valid_to   date             NOT NULL,
    generation integer          NOT NULL,
    subject    text COLLATE "C" NOT NULL,
    -- The name in small letters.
    name       text             NOT NULL,
    services   text[]           NOT NULL,
    CONSTRAINT grade_profiles_pkey PRIMARY KEY (generation, subject, known_from, valid_from)
);

-- Everything about one subject, scores and names with it, packed: what a page shows and the next step goes on from.
CREATE TABLE grade_functions (
    generation integer          NOT NULL,
    subject    text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    functions  bytea            NOT NULL,
    CONSTRAINT grade_functions_pkey PRIMARY KEY (generation, subject)
);
ALTER TABLE grade_functions ALTER COLUMN functions SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, UPDATE, DELETE ON grade_builds, grade_spans, grade_profiles, grade_functions TO ecodocket_app;
GRANT SELECT, INSERT ON grade_verdicts TO ecodocket_app;
