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
        || convert_to(stream, 'UTF8') || previous || salt || convert_to(tag, 'UTF8') || convert_to(actor, 'UTF8')
        || convert_to(category, 'UTF8') || coalesce(convert_to(introduces, 'UTF8'), ''::bytea) || state)
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

-- Events of any files, those of one file in the order of their versions, and the keys of requests.
CREATE FUNCTION append_events(
    by_actor text, law_version bigint, sealed text[], given_at timestamptz,
    streams text[], versions bigint[], tags text[], states bytea[], categories text[], ids text[], others text[],
    salts bytea[],
    command_keys text[], command_digests bytea[], command_answers bytea[],
    OUT positions bigint[], OUT at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    next_no  bigint;
    row      record;
    of_file  text;
    version  bigint;
    previous bytea;
    numbers  bigint[] := '{}';
    leaves   bytea[] := '{}';
BEGIN
    SELECT b.next_no, b.at INTO next_no, at FROM begin_append(law_version, sealed, given_at) b;
    FOR row IN
        SELECT e.* FROM unnest(streams, versions, tags, states, categories, ids, salts) WITH ORDINALITY
            AS e(id, version, tag, state, category, introduces, salt, n)
         ORDER BY e.id COLLATE "C", e.version
    LOOP
        IF row.id IS DISTINCT FROM of_file THEN
            of_file := row.id;
            version := NULL;
            previous := NULL;
            SELECT e.originator_version, e.leaf INTO version, previous FROM events e
             WHERE e.originator_id = of_file ORDER BY e.originator_version DESC LIMIT 1;
            version := coalesce(version, 0);
        END IF;
        IF row.version <> version + 1 THEN
            PERFORM refuse_append('a file has moved on');
        END IF;
        version := row.version;
        previous := leaf_of(of_file, version, at, coalesce(previous, ''::bytea), row.salt, row.tag, by_actor,
                            row.category, row.introduces, row.state);
        numbers := array_append(numbers, row.n);
        leaves := array_append(leaves, previous);
    END LOOP;
    WITH stored AS (
        INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category, introduces,
                            concerns, leaf_no, leaf, salt)
        SELECT e.id, e.version, e.topic, e.state, at, by_actor, e.category, e.introduces, e.concerns,
               next_no + e.n - 1, l.leaf, e.salt
          FROM unnest(streams, versions, tags, states, categories, ids, others, salts) WITH ORDINALITY
               AS e(id, version, topic, state, category, introduces, concerns, salt, n)
          JOIN unnest(numbers, leaves) AS l(n, leaf) USING (n)
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
