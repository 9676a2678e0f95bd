-- The second wall. The program decides what somebody may see; whoever reads on somebody's behalf does so in a transaction
-- as `ecodocket_reader`, with that person's place as `ecodocket.place`, and the database shows nothing of other places,
-- whatever the program asks. Not on the journal: grades are computed of whole files and of staff of other places, and
-- the reader has no right to it at all. `ecodocket_app` sees everything: it builds, records and answers where no place is.

-- --- the place ------------------------------------------------------------------------------------------------------

-- A place is two, four or six digits, the beginning of the codes that lie in it, or `000000`, which is everywhere. Not set
-- at all it is an error; anything else, also the empty text that a transaction leaves behind, is NULL and holds nothing.
-- Ranges and not LIKE: `%` is a character like others here. Plain SQL, so that the planner can write them out.
CREATE FUNCTION reading_place() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN current_setting('ecodocket.place') ~ '^([0-9]{2}){1,3}$' THEN current_setting('ecodocket.place') END
$$;
-- The codes of a place: from the one on, and before the other.
CREATE FUNCTION place_from() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE reading_place() WHEN '000000' THEN '' ELSE reading_place() END
$$;
CREATE FUNCTION place_before() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE reading_place() WHEN '000000' THEN '~' ELSE reading_place() || '~' END
$$;
-- The same where codes are numbers, and 0 is a file without one: the least and the greatest.
CREATE FUNCTION place_least() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE reading_place() WHEN '000000' THEN 0 ELSE greatest(rpad(reading_place(), 6, '0')::integer, 1) END
$$;
CREATE FUNCTION place_greatest() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE reading_place() WHEN '000000' THEN 999999 ELSE rpad(reading_place(), 6, '9')::integer END
$$;

-- --- where files belong -------------------------------------------------------------------------------------------

-- Every place that a file was ever registered in: earlier places keep reading. Kept by every insert of an event, so that
-- it never lags behind the events, and made anew by every import.
CREATE TABLE file_places (
    stream text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    CONSTRAINT file_places_pkey PRIMARY KEY (stream, region)
);

-- The region that an event gives its subject; NULL for one that gives none, or cannot be read.
CREATE FUNCTION registered_region(state bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_from(state, 'UTF8')::jsonb ->> 'region';
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

-- Keeps the place that an event gives its file.
CREATE FUNCTION keep_file_place(added events) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said text := registered_region(added.state);
BEGIN
    IF said IS NOT NULL THEN
        INSERT INTO file_places (stream, region) VALUES (added.originator_id, said) ON CONFLICT DO NOTHING;
    END IF;
END
$$;

INSERT INTO file_places (stream, region)
SELECT DISTINCT r.stream, r.region
  FROM (SELECT originator_id AS stream, registered_region(state) AS region FROM events
         WHERE topic IN ('agency-registered.v1', 'practitioner-registered.v1', 'expert-registered.v1',
                         'client-registered.v1', 'subject-changed.v1')
           AND position('"region":'::bytea IN state) > 0) r
 WHERE r.region IS NOT NULL;

-- Which files name which persons of the vault: as their staff, as who represents them, comments or objects.
CREATE TABLE person_files (
    person text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    CONSTRAINT person_files_pkey PRIMARY KEY (person, stream)
);

CREATE FUNCTION named_person(state bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    said jsonb;
BEGIN
    said := convert_from(state, 'UTF8')::jsonb;
    RETURN nullif(coalesce(said ->> 'practitioner', said ->> 'legal_representative', said ->> 'by'), 'participant');
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

CREATE FUNCTION keep_person_file(added events) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said text := named_person(added.state);
BEGIN
    IF said IS NOT NULL THEN
        INSERT INTO person_files (person, stream) VALUES (said, added.originator_id) ON CONFLICT DO NOTHING;
    END IF;
END
$$;

INSERT INTO person_files (person, stream)
SELECT DISTINCT n.person, n.stream
  FROM (SELECT originator_id AS stream, named_person(state) AS person FROM events
         WHERE topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1', 'employment-recorded.v1',
                         'objection-filed.v1', 'comment-recorded.v1')) n
 WHERE n.person IS NOT NULL;

-- --- who sees which rows --------------------------------------------------------------------------------------------

-- The conditions stand in a CASE: the planner takes such a one for half of the rows, where it would take a range for one
-- row in two hundred, and leave the indexes by which lists are read. It is asked after those of the list.
-- No FORCE: the owner migrates, imports, and lends its rights to the functions below.

ALTER TABLE file_places ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON file_places TO ecodocket_app USING (true);
CREATE POLICY reader ON file_places FOR SELECT TO ecodocket_reader USING (
    CASE WHEN region >= (SELECT place_from()) COLLATE "C" AND region < (SELECT place_before()) COLLATE "C" THEN true END);

ALTER TABLE person_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON person_files TO ecodocket_app USING (true);
CREATE POLICY reader ON person_files FOR SELECT TO ecodocket_reader USING (
    EXISTS (SELECT FROM file_places f WHERE f.stream = person_files.stream));

ALTER TABLE deadlines ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON deadlines TO ecodocket_app USING (true);
CREATE POLICY reader ON deadlines FOR SELECT TO ecodocket_reader USING (
    CASE WHEN region >= (SELECT place_from()) COLLATE "C" AND region < (SELECT place_before()) COLLATE "C" THEN true END);

-- What has no region of its own goes where the file goes: the row security of `file_places` holds within these, too.
ALTER TABLE worklist_subjects ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON worklist_subjects TO ecodocket_app USING (true);
CREATE POLICY reader ON worklist_subjects FOR SELECT TO ecodocket_reader USING (
    EXISTS (SELECT FROM file_places f WHERE f.stream = subject));

ALTER TABLE grade_spans ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON grade_spans TO ecodocket_app USING (true);
CREATE POLICY reader ON grade_spans FOR SELECT TO ecodocket_reader USING (
    CASE WHEN region BETWEEN (SELECT place_least()) AND (SELECT place_greatest()) THEN true END);

ALTER TABLE grade_profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON grade_profiles TO ecodocket_app USING (true);
CREATE POLICY reader ON grade_profiles FOR SELECT TO ecodocket_reader USING (
    EXISTS (SELECT FROM file_places f WHERE f.stream = subject));

-- Sums are kept by city: a county sees none of them, and those of everybody (city 0) only who sees everybody.
ALTER TABLE grade_tallies ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON grade_tallies TO ecodocket_app USING (true);
CREATE POLICY reader ON grade_tallies FOR SELECT TO ecodocket_reader USING (
    CASE WHEN city BETWEEN (SELECT place_least() / 100) AND (SELECT place_greatest() / 100)
              AND (SELECT length(reading_place()) < 6 OR reading_place() = '000000')
              AND (city > 0 OR (SELECT reading_place() = '000000')) THEN true END);

-- A number that stands for several files is told where one of them is, and that file with it.
ALTER TABLE held_numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON held_numbers TO ecodocket_app USING (true);
CREATE POLICY reader ON held_numbers FOR SELECT TO ecodocket_reader USING (
    EXISTS (SELECT FROM file_places f WHERE f.stream = held_numbers.stream));

ALTER TABLE double_numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON double_numbers TO ecodocket_app USING (true);
CREATE POLICY reader ON double_numbers FOR SELECT TO ecodocket_reader USING (
    EXISTS (SELECT FROM held_numbers h WHERE h.category = double_numbers.category AND h.number = double_numbers.number));

-- An endpoint is shown where all is that it is told of; one that is told of everything, to whoever sees everything. Whoever
-- delivers sees all of them, and the reader no secret.
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON webhooks TO ecodocket_app USING (true);
CREATE POLICY reader ON webhooks FOR SELECT TO ecodocket_reader USING (
    coalesce(region, '') >= (SELECT place_from()) COLLATE "C" AND coalesce(region, '') < (SELECT place_before()) COLLATE "C");

ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON webhook_deliveries TO ecodocket_app USING (true);
CREATE POLICY reader ON webhook_deliveries FOR SELECT TO ecodocket_reader USING (
    EXISTS (SELECT FROM webhooks w WHERE w.no = webhook));

-- A person is of every place that they were registered in, and of those of every file that names them: of an employer, of a
-- body they represent, of a file they commented on. The vault itself has no region: a column would have to be written
-- again whenever a person or such a file moves, by a program that may forget it, and would say in clear beside the
-- ciphertext where its person lives.
CREATE FUNCTION is_person_of_place(person text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM file_places f WHERE f.stream = person)
        OR EXISTS (SELECT FROM person_files n JOIN file_places f ON f.stream = n.stream WHERE n.person = $1)
$$;
ALTER TABLE vault_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON vault_records TO ecodocket_app USING (true);
CREATE POLICY reader ON vault_records FOR SELECT TO ecodocket_reader USING (is_person_of_place(person));
ALTER TABLE vault_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON vault_keys TO ecodocket_app USING (true);
CREATE POLICY reader ON vault_keys FOR SELECT TO ecodocket_reader USING (is_person_of_place(person));
ALTER TABLE vault_erased ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON vault_erased TO ecodocket_app USING (true);
CREATE POLICY reader ON vault_erased FOR SELECT TO ecodocket_reader USING (is_person_of_place(person));

-- --- what an index of fragments or boxes finds ------------------------------------------------------------------------

-- Under row security such an index cannot be used: its operators might tell of rows that are not shown. These functions
-- look with the rights of the owner, and give what lies in the place.

CREATE FUNCTION grade_spots_of_place(spot box, most integer) RETURNS SETOF grade_spans
    LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
    least integer := place_least();
    last  integer := place_greatest();
BEGIN
    RETURN QUERY SELECT * FROM grade_spans s
        WHERE grade_spot(s.generation, s.verdict, s.known_from, s.known_to, s.valid_from, s.valid_to) @> spot
          AND s.region BETWEEN least AND last LIMIT most;
END
$$;

CREATE FUNCTION grade_names_of_place(
    of_generation integer, grams text[], part text, known_at bigint, as_of date
) RETURNS TABLE (subject text) LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first text COLLATE "C" := place_from();
    past  text COLLATE "C" := place_before();
BEGIN
    RETURN QUERY SELECT p.subject FROM grade_profiles p
        WHERE p.generation = of_generation AND grade_grams(p.name) @> grams AND strpos(p.name, part) > 0
          AND p.known_from <= known_at AND p.known_to > known_at AND p.valid_from <= as_of AND p.valid_to > as_of
          AND EXISTS (SELECT FROM file_places f WHERE f.stream = p.subject AND f.region >= first AND f.region < past);
END
$$;

-- --- rights -----------------------------------------------------------------------------------------------------------

GRANT SELECT ON file_places, person_files TO ecodocket_app;
GRANT USAGE ON SCHEMA public TO ecodocket_reader;
GRANT SELECT ON file_places, person_files, deadlines, worklist_subjects, worklist_tracking, grade_builds, grade_verdicts, grade_offers,
                grade_spans, grade_profiles, grade_tallies, held_numbers, double_numbers, webhooks, webhook_deliveries,
                vault_records, vault_keys, vault_erased
   TO ecodocket_reader;
REVOKE EXECUTE ON FUNCTION grade_spots_of_place, grade_names_of_place FROM PUBLIC;
GRANT EXECUTE ON FUNCTION grade_spots_of_place, grade_names_of_place TO ecodocket_reader;
