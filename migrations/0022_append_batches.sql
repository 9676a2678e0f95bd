-- The same append of many events, which finds out with less whether an id that they bring is that of a file. Each id was
-- compared with the file of each event, ten thousand times for a hundred events; now with each file once.
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
    row      record;
    place    bigint := 0;
    version  bigint;
    previous bytea;
    files    text[] := '{}';
    heads    text[] := '{}';
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
            heads := heads || row.id;
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
