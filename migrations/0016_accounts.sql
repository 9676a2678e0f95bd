-- Accounts, what they are let in with, who stands in for whom, and the log of all of it. An account is never deleted: its id
-- stands in events.

CREATE TABLE accounts (
    id           text COLLATE "C" NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    name         text             NOT NULL,
    role         text COLLATE "C" NOT NULL,
    place        text COLLATE "C" NOT NULL CHECK (place ~ '^[0-9]{6}$'),
    subject      text COLLATE "C",
    is_service   boolean          NOT NULL,
    is_active    boolean          NOT NULL,
    password     text COLLATE "C",
    failures     integer          NOT NULL DEFAULT 0,
    locked_until bigint           NOT NULL DEFAULT 0,
    made_at      bigint           NOT NULL,
    made_by      text COLLATE "C" NOT NULL,
    signed_in_at bigint,
    CHECK ((role = 'participant') = (subject IS NOT NULL)),
    CHECK (NOT is_service OR password IS NULL)
);

-- Only digests of secrets are kept. Instants are in microseconds since 1970, as the product reckons.
CREATE TABLE account_passes (
    digest       bytea            NOT NULL CONSTRAINT account_passes_pkey PRIMARY KEY CHECK (octet_length(digest) = 32),
    kind         text COLLATE "C" NOT NULL CHECK (kind IN ('session', 'token', 'link', 'calendar')),
    account      text COLLATE "C" NOT NULL REFERENCES accounts (id),
    made_at      bigint           NOT NULL,
    ends_at      bigint           NOT NULL,
    idle_ends_at bigint           NOT NULL,
    csrf         text COLLATE "C" NOT NULL,
    note         text             NOT NULL
);
CREATE INDEX account_passes_account ON account_passes (account, made_at DESC);

CREATE TABLE account_deputies (
    account  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    deputy   text COLLATE "C" NOT NULL REFERENCES accounts (id),
    from_on  date             NOT NULL,
    until_on date             NOT NULL CHECK (until_on >= from_on),
    made_by  text COLLATE "C" NOT NULL,
    CONSTRAINT account_deputies_pkey PRIMARY KEY (account, deputy, from_on)
);

CREATE TABLE account_log (
    no      bigserial        NOT NULL CONSTRAINT account_log_pkey PRIMARY KEY,
    at      bigint           NOT NULL,
    by      text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    what    text COLLATE "C" NOT NULL,
    detail  jsonb            NOT NULL
);
CREATE INDEX account_log_account ON account_log (account, no DESC);
CREATE TRIGGER account_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON account_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE account_log ENABLE ALWAYS TRIGGER account_log_append_only;

GRANT SELECT, INSERT ON accounts TO ecodocket_app;
GRANT UPDATE (name, role, place, subject, is_active, password, failures, locked_until, signed_in_at) ON accounts
   TO ecodocket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_passes TO ecodocket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_deputies TO ecodocket_app;
GRANT SELECT, INSERT ON account_log TO ecodocket_app;
GRANT USAGE ON SEQUENCE account_log_no_seq TO ecodocket_app;
