-- What people know of a file (a name, a unified social credit code, the number of a paper or of a case) leads to it:
-- numbers by an index over the events themselves, names by a table that every insert of an event keeps. Nothing lags
-- behind, and what is corrected later is found under both.

-- A text as it is compared and searched: NFKC, small letters, brackets alike, without blanks and what is unseen.
-- Nearly every text is in that form already, which is found out sooner than it is made. Not STRICT: it could not be inlined.
CREATE FUNCTION search_key(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        translate(lower(CASE WHEN given IS NFKC NORMALIZED THEN given ELSE normalize(given, NFKC) END),
                  '〔〕【】[]〖〗{}', '()()()()()'),
        '[[:space:]\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f'
        '\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]+', '', 'g')
$$;

-- None of the functions below is declared safe in parallel: one that catches an error is not, and starting workers takes
-- longer than a look into an index.

-- The numbers that an event says of its subject, folded; NULL for an event that cannot be read. Most facts have a paper and
-- no case number: of them nothing is parsed. A quotation mark within a text is escaped, so what looks like a member is one.
CREATE FUNCTION search_numbers(topic text, state bytea) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    said   jsonb;
    place  int := position('"document":"'::bytea IN state);
    number bytea;
BEGIN
    IF topic = 'fact-recorded.v1' AND place > 0 AND position('"case_no"'::bytea IN state) = 0 THEN
        number := substring(state FROM place + 12);
        number := substring(number FOR position('"'::bytea IN number) - 1);
        IF position('\x5c'::bytea IN number) = 0 THEN
            RETURN ARRAY[search_key(convert_from(number, 'UTF8'))];
        END IF;
    END IF;
    said := convert_from(state, 'UTF8')::jsonb;
    RETURN CASE
        WHEN topic = 'fact-recorded.v1' THEN array_remove(
            ARRAY[search_key(said ->> 'document'), search_key(said ->> 'case_no')], NULL)
        WHEN topic = 'fact-corrected.v1' THEN array_remove(
            ARRAY[search_key(said #>> '{changes,document}'), search_key(said #>> '{changes,case_no}')], NULL)
        ELSE array_remove(ARRAY[search_key(said ->> 'uscc')], NULL)
    END;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

-- An event says one number, or two: of a paper and of a case.
CREATE INDEX events_numbers ON events (((search_numbers(topic, state))[1]))
    WHERE topic IN ('fact-recorded.v1', 'fact-corrected.v1', 'agency-registered.v1', 'client-registered.v1',
                    'subject-changed.v1');
CREATE INDEX events_second_numbers ON events (((search_numbers(topic, state))[2]))
    WHERE topic IN ('fact-recorded.v1', 'fact-corrected.v1') AND position('"case_no"'::bytea IN state) > 0;

-- The name that an event gives its subject, folded; NULL for one that gives none.
CREATE FUNCTION search_name(state bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN search_key(convert_from(state, 'UTF8')::jsonb ->> 'name');
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

-- Every name that a file has or had, folded, and the event that gave it. Narrow, and read in order of the files: what
-- many names have in them is found on the way, what few have by the index of fragments.
CREATE TABLE search_names (
    category text COLLATE "C" NOT NULL,
    stream   text COLLATE "C" NOT NULL,
    position bigint           NOT NULL,
    name     text COLLATE "C" NOT NULL,
    CONSTRAINT search_names_pkey PRIMARY KEY (category, stream, position)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.02);

-- The fragments of one and two characters of a name, each with the letter of its kind of subject before it, so that the
-- many of one kind never stand before the few of another.
CREATE FUNCTION search_fragments(category text, name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    kind  text := left(category, 1);
    found text[];
BEGIN
    FOR n IN 1 .. length(name) LOOP
        found[2 * n - 1] := kind || substr(name, n, 1);
        found[2 * n] := kind || substr(name, n, 2);
    END LOOP;
    RETURN found;
END
$$;

-- Those of them by which a part of a name is looked up: as few as cover it, for each costs.
CREATE FUNCTION search_cover(category text, part text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(DISTINCT left(category, 1) || substr(part, greatest(least(n, length(part) - 1), 1), 2))
        FROM generate_series(1, length(part), 2) n
$$;

-- Keeps the name that an event gives.
CREATE FUNCTION keep_search_name(added events) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said text := search_name(added.state);
BEGIN
    IF said <> '' THEN
        INSERT INTO search_names (category, stream, position, name)
        VALUES (added.category, added.originator_id, added.notification_id, said);
    END IF;
END
$$;

INSERT INTO search_names (category, stream, position, name)
SELECT n.category, n.stream, n.position, n.name
  FROM (SELECT category, originator_id AS stream, notification_id AS position, search_name(state) AS name FROM events
         WHERE topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')) n
 WHERE n.name <> '';
CREATE INDEX search_names_fragments ON search_names USING gin (search_fragments(category, name))
    WITH (gin_pending_list_limit = 128);

GRANT SELECT ON search_names TO ecodocket_app;
