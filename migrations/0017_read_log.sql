-- Who looked at what: a line for every question about a file or a list of files that somebody with an account asked, or
-- was refused. Never what was read. Instants are in microseconds since 1970, as the product reckons.

CREATE TABLE read_log (
    no        bigserial        NOT NULL CONSTRAINT read_log_pkey PRIMARY KEY,
    at        bigint           NOT NULL,
    account   text COLLATE "C" NOT NULL,
    role      text COLLATE "C" NOT NULL,
    place     text COLLATE "C",
    through   text COLLATE "C",
    operation text COLLATE "C" NOT NULL,
    subject   text COLLATE "C",
    record    text COLLATE "C",
    query     text             NOT NULL,
    as_of     text COLLATE "C",
    known_at  text COLLATE "C",
    position  bigint,
    purpose   text,
    outcome   text COLLATE "C" NOT NULL
);
CREATE INDEX read_log_subject ON read_log (subject, no DESC) WHERE subject IS NOT NULL;
CREATE INDEX read_log_account ON read_log (account, no DESC);
CREATE INDEX read_log_through ON read_log (through, no DESC) WHERE through IS NOT NULL;
CREATE TRIGGER read_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON read_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE read_log ENABLE ALWAYS TRIGGER read_log_append_only;

-- Without no, and only USAGE of its sequence: nobody chooses where a line stands.
GRANT SELECT ON read_log TO ecodocket_app;
GRANT INSERT (at, account, role, place, through, operation, subject, record, query, as_of, known_at, position, purpose,
    outcome) ON read_log TO ecodocket_app;
GRANT USAGE ON SEQUENCE read_log_no_seq TO ecodocket_app;
