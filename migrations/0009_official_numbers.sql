-- Which file a unified social credit code stands for: one file of a kind for each. Kept by every append, and made anew
-- from the events by `fill_official_numbers`. Journals from before may hold a number twice: the first file keeps it.
CREATE TABLE official_numbers (
    category text COLLATE "C" NOT NULL,
    number   text COLLATE "C" NOT NULL,
    stream   text COLLATE "C" NOT NULL,
    CONSTRAINT official_numbers_pkey PRIMARY KEY (category, number)
);
CREATE INDEX official_numbers_stream ON official_numbers (category, stream);

CREATE FUNCTION fill_official_numbers() RETURNS void LANGUAGE sql AS $$
    INSERT INTO official_numbers (category, number, stream)
    SELECT DISTINCT ON (t.category, t.said ->> 'uscc') t.category, t.said ->> 'uscc', t.stream
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
SELECT fill_official_numbers();

GRANT SELECT, INSERT, DELETE ON official_numbers TO ecodocket_app;
