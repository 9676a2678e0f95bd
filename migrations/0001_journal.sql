-- The journal: every event of every stream in one order, and what idempotency keys stand for.
-- Never edited once released; what changes comes in a new file.

CREATE TABLE events (
    originator_id      text COLLATE "C" NOT NULL,
    originator_version bigint           NOT NULL CHECK (originator_version > 0),
    topic              text COLLATE "C" NOT NULL,
    state              bytea            NOT NULL,
    -- The position. Gaps are normal: a transaction that fails has used its numbers up.
    notification_id    bigserial        NOT NULL,
    recorded_at        timestamptz      NOT NULL,
    actor              text COLLATE "C" NOT NULL,
    category           text COLLATE "C" NOT NULL CHECK (category IN ('agency', 'practitioner', 'law')),
    -- The id this event brings into the journal (of a fact, warning, objection, repair, stage …).
    introduces         text COLLATE "C",
    -- Another subject whose file this event also matters to (the practitioner of an employment).
    concerns           text COLLATE "C",
    leaf_no            bigint           NOT NULL,
    leaf               bytea            NOT NULL CHECK (octet_length(leaf) = 32),
    salt               bytea            NOT NULL CHECK (octet_length(salt) = 16),
    CONSTRAINT events_pkey PRIMARY KEY (originator_id, originator_version)
) WITH (
    -- Nothing is ever updated: vacuum is wanted for the visibility map only, analyze as usual.
    autovacuum_vacuum_insert_scale_factor = 0.1,
    autovacuum_analyze_scale_factor = 0.02
);

CREATE UNIQUE INDEX events_position ON events (notification_id);
CREATE UNIQUE INDEX events_leaf_no ON events (leaf_no);
CREATE INDEX events_recorded_at ON events (recorded_at, notification_id);
CREATE UNIQUE INDEX events_introduces ON events (introduces) WHERE introduces IS NOT NULL;
CREATE INDEX events_concerns ON events (concerns, originator_id) WHERE concerns IS NOT NULL;
CREATE INDEX events_first ON events (category, originator_id) WHERE originator_version = 1;

CREATE TABLE commands (
    key         text COLLATE "C" NOT NULL CONSTRAINT commands_pkey PRIMARY KEY,
    digest      bytea            NOT NULL,
    answer      bytea            NOT NULL,
    position    bigint           NOT NULL,
    recorded_at timestamptz      NOT NULL
);

-- The eventsourcing library looks this type up when a recorder is made.
CREATE TYPE stored_event_text AS (originator_id text, originator_version bigint, topic text, state bytea);

CREATE TABLE projection_tracking (
    application_name text   NOT NULL CONSTRAINT projection_tracking_pkey PRIMARY KEY,
    notification_id  bigint NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Runs once per statement. By induction over all statements leaf numbers are dense from 0 and follow the positions, and
-- recorded_at never decreases. Whoever inserts without the journal's lock waits for it here.
CREATE FUNCTION check_appended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    added  record;
    before record;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'events are appended in read committed transactions only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(7305808869232150117);
    SELECT count(*) AS rows, min(a.notification_id) AS position, min(a.leaf_no) AS leaf_no,
           min(a.recorded_at) AS recorded_at
      INTO added FROM appended a;
    SELECT e.leaf_no, e.recorded_at INTO before FROM events e
     WHERE e.notification_id < added.position ORDER BY e.notification_id DESC LIMIT 1;
    IF added.leaf_no <> coalesce(before.leaf_no + 1, 0)
       OR added.recorded_at < before.recorded_at
       OR added.rows > 1 AND EXISTS (
              SELECT FROM (
                  SELECT a.leaf_no - row_number() OVER w AS shift,
                         a.recorded_at < lag(a.recorded_at) OVER w AS back
                    FROM appended a WINDOW w AS (ORDER BY a.notification_id)) o
               WHERE o.shift <> added.leaf_no - 1 OR o.back) THEN
        RAISE EXCEPTION 'leaf numbers must be dense and recorded_at must not decrease'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'events_order';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER events_order AFTER INSERT ON events
    REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION check_appended();
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commands_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON commands
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_order;
ALTER TABLE events ENABLE ALWAYS TRIGGER events_append_only;
ALTER TABLE commands ENABLE ALWAYS TRIGGER commands_append_only;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ecodocket_app;
GRANT SELECT ON events, commands TO ecodocket_app;
-- Without notification_id, and only USAGE of its sequence: a position can be neither chosen nor turned back.
GRANT INSERT (originator_id, originator_version, topic, state, recorded_at, actor, category, introduces, concerns,
              leaf_no, leaf, salt) ON events TO ecodocket_app;
GRANT INSERT (key, digest, answer, position, recorded_at) ON commands TO ecodocket_app;
GRANT USAGE ON SEQUENCE events_notification_id_seq TO ecodocket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON projection_tracking TO ecodocket_app;
