-- Which file goes on in which other one: two files of one body are joined by an event on each. Kept by every insert of an
-- event, so that whoever asks for the one that is gone finds the other by a look into an index. A joining that was taken
-- back is kept with its end: what was known in between reads as it did.
CREATE TABLE joined_files (
    stream    text COLLATE "C" NOT NULL,
    joining   text COLLATE "C" NOT NULL,
    into_file text COLLATE "C" NOT NULL,
    since     bigint           NOT NULL,
    before    bigint,
    CONSTRAINT joined_files_pkey PRIMARY KEY (stream, since)
);
CREATE INDEX joined_files_into ON joined_files (into_file);

-- The file in which another one goes on at a position of the journal: the file itself where it was not joined.
CREATE FUNCTION home_of(file text, at_position bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT j.into_file FROM joined_files j
                      WHERE j.stream = file AND j.since <= at_position AND coalesce(j.before > at_position, true)), file)
$$;

-- Numbers that stand for a file stand for the one in which it goes on, and for itself again when that is taken back; those
-- of whom it tells, and the places that it was registered in, go with it and come back too.
CREATE FUNCTION keep_joined_file(added events) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said   jsonb := convert_from(added.state, 'UTF8')::jsonb;
    gone   text := added.originator_id;
    stays  text;
    told   text[];
BEGIN
    IF added.topic = 'file-joined-into.v1' THEN
        stays := said ->> 'into';
        INSERT INTO joined_files (stream, joining, into_file, since)
        VALUES (gone, said ->> 'record', stays, added.notification_id);
        WITH moved AS (
            DELETE FROM held_numbers h WHERE h.category = added.category AND h.stream = gone RETURNING h.number),
        held AS (
            INSERT INTO held_numbers (category, number, stream) SELECT added.category, m.number, stays FROM moved m
            ON CONFLICT DO NOTHING)
        SELECT array_agg(m.number) INTO told FROM moved m;
        UPDATE official_numbers o SET stream = stays WHERE o.category = added.category AND o.stream = gone;
        INSERT INTO file_places (stream, region) SELECT stays, p.region FROM file_places p WHERE p.stream = gone
            ON CONFLICT DO NOTHING;
        INSERT INTO person_files (person, stream) SELECT n.person, stays FROM person_files n WHERE n.stream = gone
            ON CONFLICT DO NOTHING;
    ELSE
        UPDATE joined_files j SET before = added.notification_id
         WHERE j.stream = gone AND j.joining = said ->> 'record' AND j.before IS NULL
        RETURNING j.into_file INTO stays;
        IF stays IS NULL THEN
            RETURN;
        END IF;
        WITH own AS (
            SELECT DISTINCT (search_numbers(e.topic, e.state))[1] AS number FROM events e
             WHERE e.originator_id = gone
               AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')
               AND NOT EXISTS (
                   SELECT FROM events c WHERE c.originator_id = gone AND c.originator_version > e.originator_version
                      AND c.topic = 'subject-changed.v1' AND corrects_numbers(c.topic, c.state))),
        held AS (
            INSERT INTO held_numbers (category, number, stream)
            SELECT added.category, o.number, gone FROM own o WHERE o.number <> '' ON CONFLICT DO NOTHING)
        SELECT array_agg(o.number) INTO told FROM own o WHERE o.number <> '';
        DELETE FROM held_numbers h
         WHERE h.category = added.category AND h.stream = stays AND h.number = ANY (told)
           AND NOT EXISTS (
               SELECT FROM events e
                WHERE e.originator_id = stays
                  AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')
                  AND (search_numbers(e.topic, e.state))[1] = h.number);
        UPDATE official_numbers o SET stream = gone
         WHERE o.category = added.category AND o.stream = stays AND search_key(o.number) = ANY (told)
           AND NOT EXISTS (
               SELECT FROM held_numbers h
                WHERE h.category = o.category AND h.stream = stays AND h.number = search_key(o.number));
        DELETE FROM file_places p
         WHERE p.stream = stays
           AND NOT EXISTS (
               SELECT FROM events e
                WHERE e.originator_id = stays
                  AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')
                  AND registered_region(e.state) = p.region)
           AND NOT EXISTS (
               SELECT FROM joined_files j JOIN file_places q ON q.stream = j.stream
                WHERE j.into_file = stays AND j.before IS NULL AND q.region = p.region);
        DELETE FROM person_files n
         WHERE n.stream = stays
           AND NOT EXISTS (
               SELECT FROM events e
                WHERE e.originator_id = stays
                  AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1',
                                  'employment-recorded.v1', 'objection-filed.v1', 'comment-recorded.v1')
                  AND named_person(e.state) = n.person)
           AND NOT EXISTS (
               SELECT FROM joined_files j JOIN person_files q ON q.stream = j.stream
                WHERE j.into_file = stays AND j.before IS NULL AND q.person = n.person);
    END IF;
    DELETE FROM double_numbers d
     WHERE d.category = added.category AND d.number = ANY (told)
       AND (SELECT count(*) FROM held_numbers h WHERE h.category = d.category AND h.number = d.number) < 2;
    INSERT INTO double_numbers (category, number)
    SELECT h.category, h.number FROM held_numbers h WHERE h.category = added.category AND h.number = ANY (told)
     GROUP BY h.category, h.number HAVING count(*) > 1
        ON CONFLICT DO NOTHING;
END
$$;

-- As before, each number for the file in which the one that it was told of goes on.
CREATE OR REPLACE FUNCTION fill_official_numbers() RETURNS void LANGUAGE sql AS $$
    INSERT INTO official_numbers (category, number, stream)
    SELECT DISTINCT ON (t.category, t.said ->> 'uscc') t.category, t.said ->> 'uscc', home_of(t.stream, 9223372036854775807)
      FROM (SELECT e.category, e.originator_id AS stream, e.notification_id AS position,
                   convert_from(e.state, 'UTF8')::jsonb AS said
              FROM events e
             WHERE e.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')) t
     WHERE t.said ? 'uscc'
       -- A number that was corrected afterwards is free again.
       AND NOT EXISTS (
           SELECT FROM events c
            WHERE c.originator_id = t.stream AND c.notification_id > t.position AND c.topic = 'subject-changed.v1'
              AND convert_from(c.state, 'UTF8')::jsonb ->> 'uscc_change' = 'corrected')
     ORDER BY t.category, t.said ->> 'uscc', t.position
        ON CONFLICT DO NOTHING
$$;

GRANT SELECT ON joined_files TO ecodocket_app;
