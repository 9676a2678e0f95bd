-- Appending with less work, and the same rows with the same seals. Each event is found as before by its file, its position,
-- its id, its numbers and its seal; what the order of the journal tells by itself has no index any more.

-- The same numbers. Nearly every number of a paper has but digits, characters of Chinese and two kinds of brackets, which
-- is found out sooner than it is folded.
CREATE OR REPLACE FUNCTION search_numbers(topic text, state bytea) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    said   jsonb;
    place  int := position('"document":"'::bytea IN state);
    number bytea;
    told   text;
BEGIN
    IF topic = 'fact-recorded.v1' AND place > 0 AND position('"case_no"'::bytea IN state) = 0 THEN
        number := substring(state FROM place + 12);
        number := substring(number FOR position('"'::bytea IN number) - 1);
        IF position('\x5c'::bytea IN number) = 0 THEN
            told := replace(replace(convert_from(number, 'UTF8'), '〔', '('), '〕', ')');
            RETURN ARRAY[CASE WHEN told ~ '^[()0-9a-z\u4e00-\u9fa5-]*$' THEN told ELSE search_key(told) END];
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

-- The seal of an event as `leaf_of` gives it, with the instant in microseconds since 1970: an append has one for all of its
-- events. Two lengths are put side by side in one number of eight bytes.
CREATE FUNCTION leaf_at(
    stream text, version bigint, instant bigint, previous bytea, salt bytea, tag text, actor text,
    category text, introduces text, state bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(
        '\x00'::bytea || int8send(version) || int8send(instant)
        || int8send((octet_length(stream)::bigint << 32) | octet_length(previous))
        || int8send((octet_length(salt)::bigint << 32) | octet_length(tag))
        || int8send((octet_length(actor)::bigint << 32) | octet_length(category))
        || int8send((coalesce(octet_length(introduces), 0)::bigint << 32) | octet_length(state))
        || convert_to(stream, 'UTF8') || previous || salt
        || convert_to(tag || actor || category || coalesce(introduces, ''), 'UTF8') || state)
$$;

-- The highest position recorded at or before an instant, NULL when there is none. Instants never decrease along the
-- positions, so that halving finds it: an index on them cost every insert more than this costs whoever asks.
CREATE FUNCTION position_at(known_at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    before record;
    low    bigint := 0;
    high   bigint;
BEGIN
    SELECT e.notification_id, e.recorded_at INTO before FROM events e ORDER BY e.notification_id DESC LIMIT 1;
    IF before.recorded_at <= known_at THEN
        RETURN before.notification_id;
    END IF;
    -- What was recorded up to `low` was so by then, nothing after `high`.
    high := before.notification_id - 1;
    WHILE low < high LOOP
        SELECT e.notification_id, e.recorded_at INTO before FROM events e
         WHERE e.notification_id <= low + (high - low + 1) / 2 ORDER BY e.notification_id DESC LIMIT 1;
        IF before.notification_id IS NULL OR before.recorded_at <= known_at THEN
            low := low + (high - low + 1) / 2;
        ELSE
            high := before.notification_id - 1;
        END IF;
    END LOOP;
    RETURN (SELECT max(e.notification_id) FROM events e WHERE e.notification_id <= low);
END
$$;

DROP INDEX events_recorded_at;

-- `check_appended` keeps leaf numbers dense, so that each is there once: whoever reads in their order reads along the
-- positions, which are in the same.
DROP INDEX events_leaf_no;

-- Seals are looked for now and then: what stands in a range of pages is enough.
DROP INDEX events_leaf;
CREATE INDEX events_leaf ON events USING brin (leaf bytea_bloom_ops) WITH (autosummarize = on);

-- The same append of one event, sealed with less.
CREATE OR REPLACE FUNCTION append_event(
    by_actor text, law_version bigint, sealed text[], given_at timestamptz,
    stream text, version bigint, tag text, event_state bytea, of_category text, id text, other text, with_salt bytea,
    command_key text, command_digest bytea, command_answer bytea,
    OUT positions bigint[], OUT at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    next_no  bigint;
    previous record;
    place    bigint;
BEGIN
    SELECT b.next_no, b.at INTO next_no, at FROM begin_append(law_version, sealed, given_at) b;
    SELECT e.originator_version, e.leaf INTO previous FROM events e
     WHERE e.originator_id = stream ORDER BY e.originator_version DESC LIMIT 1;
    IF version <> coalesce(previous.originator_version, 0) + 1 THEN
        PERFORM refuse_append('the file has moved on');
    END IF;
    IF EXISTS (SELECT FROM events e WHERE e.originator_id = id)
       OR version = 1 AND EXISTS (SELECT FROM events e WHERE e.introduces = stream) THEN
        PERFORM refuse_append('an id of a file is none of a record');
    END IF;
    INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category, introduces,
                        concerns, leaf_no, leaf, salt)
    VALUES (stream, version, tag, event_state, at, by_actor, of_category, id, other, next_no,
            leaf_at(stream, version, (extract(epoch FROM at) * 1000000)::bigint, coalesce(previous.leaf, ''::bytea),
                    with_salt, tag, by_actor, of_category, id, event_state), with_salt)
    RETURNING notification_id INTO place;
    positions := ARRAY[place];
    IF command_key IS NOT NULL THEN
        INSERT INTO commands (key, digest, answer, position, recorded_at)
        VALUES (command_key, command_digest, command_answer, place, at);
    END IF;
    NOTIFY events;
END
$$;

-- The same append of many events, sealed with less.
CREATE OR REPLACE FUNCTION append_events(
    by_actor text, law_version bigint, sealed text[], given_at timestamptz,
    streams text[], versions bigint[], befores bigint[], tags text[], states bytea[], categories text[], ids text[],
    others text[], salts bytea[],
    command_keys text[], command_digests bytea[], command_answers bytea[],
    key_files text[], wrapped_keys bytea[], suites bigint[],
    kinds text[], numbers text[], number_files text[], corrections bigint[],
    OUT positions bigint[], OUT at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    next_no  bigint;
    instant  bigint;
    row      record;
    place    bigint := 0;
    version  bigint;
    previous bytea;
    files    text[] := '{}';
    heads    text[] := '{}';
    leaves   bytea[] := '{}';
BEGIN
    SELECT b.next_no, b.at INTO next_no, at FROM begin_append(law_version, sealed, given_at) b;
    instant := (extract(epoch FROM at) * 1000000)::bigint;
    IF key_files <> '{}' THEN
        PERFORM keep_key(k.file, k.wrapped, k.suite) FROM unnest(key_files, wrapped_keys, suites) AS k(file, wrapped, suite);
    END IF;
    IF numbers <> '{}' THEN
        PERFORM tell_number(n.kind, n.number, n.file, n.correction = 1)
           FROM unnest(kinds, numbers, number_files, corrections) AS n(kind, number, file, correction);
    END IF;
    FOR row IN
        SELECT e.* FROM unnest(streams, versions, befores, tags, states, categories, ids, salts)
            AS e(id, version, before, tag, state, category, introduces, salt)
    LOOP
        IF row.before > 0 AND files[row.before] = row.id THEN
            version := versions[row.before];
            previous := leaves[row.before];
        ELSE
            heads := heads || row.id;
            SELECT e.originator_version, e.leaf INTO version, previous FROM events e
             WHERE e.originator_id = row.id ORDER BY e.originator_version DESC LIMIT 1;
        END IF;
        IF row.version <> coalesce(version, 0) + 1 THEN
            PERFORM refuse_append('a file has moved on');
        END IF;
        place := place + 1;
        files[place] := row.id;
        leaves[place] := leaf_at(row.id, row.version, instant, coalesce(previous, ''::bytea), row.salt, row.tag, by_actor,
                                 row.category, row.introduces, row.state);
    END LOOP;
    IF EXISTS (SELECT FROM unnest(ids) AS i(id) WHERE i.id = ANY (heads))
       OR EXISTS (SELECT FROM unnest(ids) AS i(id) JOIN events e ON e.originator_id = i.id AND e.originator_version = 1)
       OR EXISTS (SELECT FROM unnest(streams, versions) AS s(id, version) JOIN events e ON e.introduces = s.id
                   WHERE s.version = 1) THEN
        PERFORM refuse_append('an id of a file is none of a record');
    END IF;
    WITH stored AS (
        INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category, introduces,
                            concerns, leaf_no, leaf, salt)
        SELECT e.id, e.version, e.topic, e.state, at, by_actor, e.category, e.introduces, e.concerns,
               next_no + e.n - 1, e.leaf, e.salt
          FROM unnest(streams, versions, tags, states, categories, ids, others, salts, leaves) WITH ORDINALITY
               AS e(id, version, topic, state, category, introduces, concerns, salt, leaf, n)
         ORDER BY e.n
        RETURNING notification_id)
    SELECT coalesce(array_agg(s.notification_id ORDER BY s.notification_id), '{}') INTO positions FROM stored s;
    INSERT INTO commands (key, digest, answer, position, recorded_at)
    SELECT c.key, c.digest, c.answer,
           coalesce(positions[cardinality(positions)], (SELECT max(e.notification_id) FROM events e), 0), at
      FROM unnest(command_keys, command_digests, command_answers) AS c(key, digest, answer);
    IF cardinality(positions) > 0 THEN
        NOTIFY events;
    END IF;
END
$$;
