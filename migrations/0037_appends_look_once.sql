-- The same appends with fewer statements. For one event each statement costs the server more than what it finds.

-- What the append of one event has to know is looked up at once.
CREATE OR REPLACE FUNCTION append_event(
    by_actor text, law_version bigint, sealed text[], given_at timestamptz,
    stream text, version bigint, tag text, event_state bytea, of_category text, id text, other text, with_salt bytea,
    command_key text, command_digest bytea, command_answer bytea,
    OUT positions bigint[], OUT at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    before record;
    place  bigint;
BEGIN
    -- As a condition it is no statement of its own. Whatever is looked up after it sees what was committed before it.
    IF pg_advisory_xact_lock(7305808869232150117) IS NULL THEN
        RETURN;
    END IF;
    SELECT last.leaf_no, last.recorded_at, file.originator_version AS version, file.leaf,
           coalesce((SELECT e.originator_version FROM events e WHERE e.originator_id = 'law'
                      ORDER BY e.originator_version DESC LIMIT 1), 0) AS law_version,
           EXISTS (SELECT FROM vault_erased v WHERE v.person = ANY (sealed)) AS is_destroyed,
           EXISTS (SELECT FROM events e WHERE e.originator_id = id) AS is_of_a_file
      INTO before
      FROM (SELECT) AS one
      LEFT JOIN LATERAL (
           SELECT e.leaf_no, e.recorded_at FROM events e ORDER BY e.notification_id DESC LIMIT 1) last ON true
      LEFT JOIN LATERAL (
           SELECT e.originator_version, e.leaf FROM events e
            WHERE e.originator_id = stream ORDER BY e.originator_version DESC LIMIT 1) file ON true;
    IF law_version <> before.law_version THEN
        PERFORM refuse_append('the law has moved on');
    END IF;
    IF before.is_destroyed THEN
        PERFORM refuse_append('a key was destroyed');
    END IF;
    IF version <> coalesce(before.version, 0) + 1 THEN
        PERFORM refuse_append('the file has moved on');
    END IF;
    IF before.is_of_a_file THEN
        PERFORM refuse_append('an id of a file is none of a record');
    END IF;
    -- In one condition it would be a statement of every append.
    IF version = 1 THEN
        IF EXISTS (SELECT FROM events e WHERE e.introduces = stream) THEN
            PERFORM refuse_append('an id of a file is none of a record');
        END IF;
    END IF;
    at := greatest(coalesce(given_at, clock_timestamp()), before.recorded_at);
    INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category, introduces,
                        concerns, leaf_no, leaf, salt)
    VALUES (stream, version, tag, event_state, at, by_actor, of_category, id, other, coalesce(before.leaf_no + 1, 0),
            leaf_at(stream, version, (extract(epoch FROM at) * 1000000)::bigint, coalesce(before.leaf, ''::bytea),
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

-- The same check of what was inserted and of the event before it, both read at once. With the rights of the owner, as before.
CREATE OR REPLACE FUNCTION check_appended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    added  record;
    is_out boolean;
    told   events;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'events are appended in read committed transactions only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF pg_advisory_xact_lock(7305808869232150117) IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT n.*, before.leaf_no AS before_no, before.recorded_at AS before_at
      INTO added
      FROM (SELECT min(a.notification_id) AS position, min(a.leaf_no) AS leaf_no, min(a.recorded_at) AS recorded_at,
                   min(a.recorded_at) = max(a.recorded_at)
                       AND min(a.leaf_no - a.notification_id) = max(a.leaf_no - a.notification_id) AS is_even,
                   bool_or(is_told(a.topic)) AS is_told
              FROM appended a) n
      LEFT JOIN LATERAL (
           SELECT e.leaf_no, e.recorded_at FROM events e
            WHERE e.notification_id < n.position ORDER BY e.notification_id DESC LIMIT 1) before ON true;
    is_out := added.leaf_no <> coalesce(added.before_no + 1, 0) OR coalesce(added.recorded_at < added.before_at, false);
    IF NOT added.is_even THEN
        is_out := is_out OR EXISTS (
            SELECT FROM (
                SELECT a.leaf_no - row_number() OVER w AS shift,
                       a.recorded_at < lag(a.recorded_at) OVER w AS back
                  FROM appended a WINDOW w AS (ORDER BY a.notification_id)) o
             WHERE o.shift <> added.leaf_no - 1 OR o.back);
    END IF;
    IF is_out THEN
        RAISE EXCEPTION 'leaf numbers must be dense and recorded_at must not decrease'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'events_order';
    END IF;
    IF added.is_told THEN
        FOR told IN SELECT a.* FROM appended a WHERE is_told(a.topic) ORDER BY a.notification_id LOOP
            PERFORM keep_told(told);
        END LOOP;
    END IF;
    RETURN NULL;
END
$$;
