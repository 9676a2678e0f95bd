-- What is kept beside the events (names, numbers, places, persons, joined files) is kept once for each statement, where the
-- ends of the journal are looked at anyway. Five triggers of rows had their conditions read and planned anew by every
-- statement, which took longer than the insert of one event.

-- Whether anything is kept of events of this type.
CREATE FUNCTION is_told(topic text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT topic IN ('agency-registered.v1', 'practitioner-registered.v1', 'expert-registered.v1', 'client-registered.v1',
                     'subject-changed.v1', 'employment-recorded.v1', 'objection-filed.v1', 'comment-recorded.v1',
                     'file-joined-into.v1', 'record-retracted.v1')
$$;

-- Keeps what an event of its type tells.
CREATE FUNCTION keep_told(added events) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF added.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1') THEN
        PERFORM keep_held_number(added);
        PERFORM keep_search_name(added);
    END IF;
    IF added.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1', 'employment-recorded.v1',
                       'objection-filed.v1', 'comment-recorded.v1') THEN
        PERFORM keep_person_file(added);
    END IF;
    IF added.topic IN ('agency-registered.v1', 'practitioner-registered.v1', 'expert-registered.v1',
                       'client-registered.v1', 'subject-changed.v1') THEN
        PERFORM keep_file_place(added);
    END IF;
    IF added.topic IN ('file-joined-into.v1', 'record-retracted.v1') THEN
        PERFORM keep_joined_file(added);
    END IF;
END
$$;

-- Runs once per statement, as before: by induction over all statements leaf numbers are dense from 0 and follow the
-- positions, and recorded_at never decreases. Row by row it is looked at only where all rows together do not show it: one
-- instant, and one distance between leaf number and position. With the rights of the owner: whoever appends can keep nothing
-- that no event tells.
CREATE OR REPLACE FUNCTION check_appended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    added  record;
    before record;
    told   events;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'events are appended in read committed transactions only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(7305808869232150117);
    SELECT min(a.notification_id) AS position, min(a.leaf_no) AS leaf_no, min(a.recorded_at) AS recorded_at,
           min(a.recorded_at) = max(a.recorded_at)
               AND min(a.leaf_no - a.notification_id) = max(a.leaf_no - a.notification_id) AS is_even,
           bool_or(is_told(a.topic)) AS is_told
      INTO added FROM appended a;
    SELECT e.leaf_no, e.recorded_at INTO before FROM events e
     WHERE e.notification_id < added.position ORDER BY e.notification_id DESC LIMIT 1;
    IF added.leaf_no <> coalesce(before.leaf_no + 1, 0)
       OR added.recorded_at < before.recorded_at
       OR NOT added.is_even AND EXISTS (
              SELECT FROM (
                  SELECT a.leaf_no - row_number() OVER w AS shift,
                         a.recorded_at < lag(a.recorded_at) OVER w AS back
                    FROM appended a WINDOW w AS (ORDER BY a.notification_id)) o
               WHERE o.shift <> added.leaf_no - 1 OR o.back) THEN
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

-- Whoever may run the function of a trigger may put it on a temporary table, and have it keep what no event says: nobody but
-- the owner, who put it on the journal.
REVOKE EXECUTE ON FUNCTION check_appended FROM PUBLIC;
