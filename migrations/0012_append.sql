-- Appending in one round trip: the server itself looks at the ends of the files, seals and inserts. `check_appended`
-- looks at it all the same.

-- The seal of an event, as `interfaces/sealing.py` says: its parts by their lengths, then the parts themselves.
CREATE FUNCTION leaf_of(
    stream text, version bigint, recorded_at timestamptz, previous bytea, salt bytea, tag text, actor text,
    category text, introduces text, state bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(
        '\x00'::bytea || int8send(version) || int8send((extract(epoch FROM recorded_at) * 1000000)::bigint)
        || int4send(octet_length(stream)) || int4send(octet_length(previous)) || int4send(octet_length(salt))
        || int4send(octet_length(tag)) || int4send(octet_length(actor)) || int4send(octet_length(category))
        || int4send(coalesce(octet_length(introduces), 0)) || int4send(octet_length(state))
        || convert_to(stream, 'UTF8') || previous || salt
        || convert_to(tag || actor || category || coalesce(introduces, ''), 'UTF8') || state)
$$;

-- Refuses for a reason that the writer finds out for itself: a file or the law has moved on, or a key was destroyed.
CREATE FUNCTION refuse_append(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'events_expected';
END
$$;

-- Takes the journal's lock, and finds where it ends; raises unless the law is at `law_version` (NULL: whatever it is) and
-- the keys of the files `sealed` are there. `given_at` is the writer's clock, NULL where the database's is followed.
CREATE FUNCTION begin_append(
    law_version bigint, sealed text[], given_at timestamptz, OUT next_no bigint, OUT at timestamptz
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7305808869232150117);
    IF law_version IS DISTINCT FROM (
           SELECT coalesce(max(e.originator_version), 0) FROM events e WHERE e.originator_id = 'law')
       AND law_version IS NOT NULL THEN
        PERFORM refuse_append('the law has moved on');
    END IF;
    IF sealed <> '{}' AND EXISTS (SELECT FROM vault_erased v WHERE v.person = ANY (sealed)) THEN
        PERFORM refuse_append('a key was destroyed');
    END IF;
    SELECT e.leaf_no + 1, e.recorded_at INTO next_no, at FROM events e ORDER BY e.notification_id DESC LIMIT 1;
    next_no := coalesce(next_no, 0);
    at := greatest(coalesce(given_at, clock_timestamp()), at);
END
$$;

-- Keeps the key of a person or a file, unless it was destroyed before. No ON CONFLICT: when two make the key at once, what
-- the second has encrypted must not be stored.
CREATE FUNCTION keep_key(file text, wrapped bytea, of_suite bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vault_keys (person, wrapped_key, suite)
    SELECT file, wrapped, of_suite WHERE NOT EXISTS (SELECT FROM vault_erased v WHERE v.person = file);
END
$$;

-- Writes down for which file of a kind a number stands; that of another file breaks the primary key. One that is corrected
-- frees those of the file before.
CREATE FUNCTION tell_number(kind text, told text, file text, corrects boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF corrects THEN
        DELETE FROM official_numbers o WHERE o.category = kind AND o.stream = file;
    END IF;
    INSERT INTO official_numbers (category, number, stream) SELECT kind, told, file
     WHERE NOT EXISTS (
         SELECT FROM official_numbers o WHERE o.category = kind AND o.number = told AND o.stream = file);
END
$$;

-- One event, and the key of the request that brought it.
CREATE FUNCTION append_event(
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
            leaf_of(stream, version, at, coalesce(previous.leaf, ''::bytea), with_salt, tag, by_actor, of_category, id,
                    event_state), with_salt)
    RETURNING notification_id INTO place;
    positions := ARRAY[place];
    IF command_key IS NOT NULL THEN
        INSERT INTO commands (key, digest, answer, position, recorded_at)
        VALUES (command_key, command_digest, command_answer, place, at);
    END IF;
    NOTIFY events;
END
$$;

-- Events of any files, those of one file in the order of their versions, and the keys of requests. `befores` says for each
-- event which one in this append is the last before it on its file, 0 for the first. With them go what the vault keeps of
-- new keys, and the numbers that the events tell: of which kind of file, of which one, and whether (1) another is corrected.
CREATE FUNCTION append_events(
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
    row      record;
    place    bigint := 0;
    version  bigint;
    previous bytea;
    files    text[] := '{}';
    leaves   bytea[] := '{}';
BEGIN
    SELECT b.next_no, b.at INTO next_no, at FROM begin_append(law_version, sealed, given_at) b;
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
            SELECT e.originator_version, e.leaf INTO version, previous FROM events e
             WHERE e.originator_id = row.id ORDER BY e.originator_version DESC LIMIT 1;
        END IF;
        IF row.version <> coalesce(version, 0) + 1 THEN
            PERFORM refuse_append('a file has moved on');
        END IF;
        place := place + 1;
        files[place] := row.id;
        leaves[place] := leaf_of(row.id, row.version, at, coalesce(previous, ''::bytea), row.salt, row.tag, by_actor,
                                 row.category, row.introduces, row.state);
    END LOOP;
    IF EXISTS (SELECT FROM unnest(ids) AS i(id) WHERE i.id = ANY (streams)
               OR EXISTS (SELECT FROM events e WHERE e.originator_id = i.id))
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
