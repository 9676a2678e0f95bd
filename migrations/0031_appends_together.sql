-- Appends that wait for each other share one transaction. Each is one event of a file that exists, with the key of the
-- request that brought it and perhaps the key of its file. What can be told to fail is left out, and its writer appends it
-- alone, so that the answer is its own; what fails beyond that takes the others back with it, and each goes alone.

-- One position for each append, NULL for one that was left out: its file or the law has moved on, or its key was destroyed,
-- or the id it brings is that of a file. No two are of the same file.
CREATE FUNCTION append_together(
    given_at timestamptz, actors text[], law_versions bigint[], sealed text[],
    streams text[], versions bigint[], tags text[], states bytea[], categories text[], ids text[], others text[],
    salts bytea[], command_keys text[], command_digests bytea[], command_answers bytea[],
    wrapped_keys bytea[], suites bigint[],
    OUT positions bigint[], OUT at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    next_no bigint;
    instant bigint;
    law     bigint;
BEGIN
    SELECT b.next_no, b.at INTO next_no, at FROM begin_append(NULL, '{}', given_at) b;
    instant := (extract(epoch FROM at) * 1000000)::bigint;
    SELECT coalesce(max(e.originator_version), 0) INTO law FROM events e WHERE e.originator_id = 'law';
    WITH asked AS (
        SELECT a.*, last.leaf AS previous,
               row_number() OVER (ORDER BY a.n) AS nth
          FROM unnest(actors, law_versions, sealed, streams, versions, tags, states, categories, ids, others, salts)
               WITH ORDINALITY AS a(actor, law_version, sealed, stream, version, tag, state, category, id, other, salt, n)
         CROSS JOIN LATERAL (
               SELECT e.originator_version, e.leaf FROM events e WHERE e.originator_id = a.stream
                ORDER BY e.originator_version DESC LIMIT 1) last
         WHERE a.version = last.originator_version + 1
           AND coalesce(a.law_version = law, true)
           AND NOT EXISTS (SELECT FROM vault_erased v WHERE v.person = a.sealed)
           AND NOT EXISTS (SELECT FROM events e WHERE e.originator_id = a.id)),
    stored AS (
        INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category, introduces,
                            concerns, leaf_no, leaf, salt)
        SELECT a.stream, a.version, a.tag, a.state, at, a.actor, a.category, a.id, a.other, next_no + a.nth - 1,
               leaf_at(a.stream, a.version, instant, a.previous, a.salt, a.tag, a.actor, a.category, a.id, a.state),
               a.salt
          FROM asked a ORDER BY a.n
        RETURNING originator_id, notification_id)
    SELECT array_agg(s.notification_id ORDER BY a.n) INTO positions
      FROM unnest(streams) WITH ORDINALITY AS a(stream, n) LEFT JOIN stored s ON s.originator_id = a.stream;
    INSERT INTO commands (key, digest, answer, position, recorded_at)
    SELECT c.key, c.digest, c.answer, positions[c.n], at
      FROM unnest(command_keys, command_digests, command_answers) WITH ORDINALITY AS c(key, digest, answer, n)
     WHERE c.key IS NOT NULL AND positions[c.n] IS NOT NULL;
    PERFORM keep_key(k.file, k.wrapped, k.suite)
       FROM unnest(streams, wrapped_keys, suites) WITH ORDINALITY AS k(file, wrapped, suite, n)
      WHERE k.wrapped IS NOT NULL AND positions[k.n] IS NOT NULL;
    NOTIFY events;
END
$$;
