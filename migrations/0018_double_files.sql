-- Which unified social credit codes stand for several files of one kind: journals from before a number belonged to one file
-- may hold an agency twice, each file with part of the facts. Found while events are inserted, so that a list of them reads
-- an index and never the journal.

-- Every number that stands for a file, folded, whoever else has it.
CREATE TABLE held_numbers (
    category text COLLATE "C" NOT NULL,
    number   text COLLATE "C" NOT NULL,
    stream   text COLLATE "C" NOT NULL,
    CONSTRAINT held_numbers_pkey PRIMARY KEY (category, number, stream)
);

-- Those of them that stand for more than one file.
CREATE TABLE double_numbers (
    category text COLLATE "C" NOT NULL,
    number   text COLLATE "C" NOT NULL,
    CONSTRAINT double_numbers_pkey PRIMARY KEY (category, number)
);

-- Whether an event says that the numbers of its file before it were wrong: they were never its own. A quotation mark within
-- a text is escaped, so what looks like a member is one.
CREATE FUNCTION corrects_numbers(topic text, state bytea) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT topic = 'subject-changed.v1' AND position('"uscc_change":"corrected"'::bytea IN state) > 0
$$;

-- Keeps the number that an event tells.
CREATE FUNCTION keep_held_number(added events) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told text := (search_numbers(added.topic, added.state))[1];
BEGIN
    IF told IS NULL OR told = '' THEN
        RETURN;
    END IF;
    IF corrects_numbers(added.topic, added.state) THEN
        WITH freed AS (
            DELETE FROM held_numbers h
             WHERE h.category = added.category AND h.stream = added.originator_id AND h.number = ANY (
                   ARRAY(SELECT (search_numbers(e.topic, e.state))[1] FROM events e
                          WHERE e.originator_id = added.originator_id
                            AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')))
            RETURNING h.number)
        DELETE FROM double_numbers d USING freed f
         WHERE d.category = added.category AND d.number = f.number
           AND (SELECT count(*) FROM held_numbers h
                 WHERE h.category = d.category AND h.number = d.number AND h.stream <> added.originator_id) < 2;
    END IF;
    INSERT INTO held_numbers (category, number, stream) VALUES (added.category, told, added.originator_id)
        ON CONFLICT DO NOTHING;
    IF EXISTS (SELECT FROM held_numbers h
                WHERE h.category = added.category AND h.number = told AND h.stream <> added.originator_id) THEN
        INSERT INTO double_numbers (category, number) VALUES (added.category, told) ON CONFLICT DO NOTHING;
    END IF;
END
$$;

INSERT INTO held_numbers (category, number, stream)
SELECT DISTINCT t.category, t.number, t.stream
  FROM (SELECT category, originator_id AS stream, originator_version AS version,
               (search_numbers(topic, state))[1] AS number
          FROM events WHERE topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')) t
 WHERE t.number <> ''
   AND NOT EXISTS (
       SELECT FROM events c
        WHERE c.originator_id = t.stream AND c.originator_version > t.version AND corrects_numbers(c.topic, c.state));
INSERT INTO double_numbers (category, number)
SELECT category, number FROM held_numbers GROUP BY category, number HAVING count(*) > 1;

GRANT SELECT ON held_numbers, double_numbers TO ecodocket_app;
