-- The feed of changes tells of every event to which place its file belonged: found among the few events that say so.
CREATE INDEX events_regions ON events (originator_id, notification_id)
    WHERE topic IN ('agency-registered.v1', 'practitioner-registered.v1', 'expert-registered.v1', 'client-registered.v1',
                    'subject-changed.v1') AND position('"region":'::bytea IN state) > 0;

-- Webhooks: to which address which changes are sent, and how far that has come. The journal is the outbox: `position` is
-- moved on by one acknowledged delivery after the other (docs/adr/0023).
CREATE TABLE webhooks (
    no            bigint           GENERATED ALWAYS AS IDENTITY CONSTRAINT webhooks_pkey PRIMARY KEY,
    id            text COLLATE "C" NOT NULL CONSTRAINT webhooks_id UNIQUE,
    -- The idempotency key of the request, and a digest of it.
    key           text COLLATE "C" CONSTRAINT webhooks_key UNIQUE,
    digest        bytea            NOT NULL,
    url           text             NOT NULL,
    kinds         text[]           NOT NULL,
    region        text COLLATE "C",
    note          text,
    by            text             NOT NULL,
    -- Instants are microseconds since 1970.
    created_at    bigint           NOT NULL,
    position      bigint           NOT NULL,
    state         text COLLATE "C" NOT NULL
        CONSTRAINT webhooks_state CHECK (state IN ('active', 'paused', 'stopped')),
    failures      bigint           NOT NULL DEFAULT 0,
    tries         bigint           NOT NULL DEFAULT 0,
    failing_since bigint,
    next_at       bigint           NOT NULL DEFAULT 0,
    delivered     bigint           NOT NULL DEFAULT 0,
    delivered_at  bigint,
    last          text COLLATE "C",
    last_status   bigint
);

-- Wrapped under the vault's master key; the newest has no end.
CREATE TABLE webhook_secrets (
    webhook bigint NOT NULL CONSTRAINT webhook_secrets_webhook REFERENCES webhooks ON DELETE CASCADE,
    number  bigint GENERATED ALWAYS AS IDENTITY,
    wrapped bytea  NOT NULL,
    ends_at bigint,
    CONSTRAINT webhook_secrets_pkey PRIMARY KEY (webhook, number)
);

-- What was not taken and set aside, and what waits behind it because it is about the same subject.
CREATE TABLE webhook_deliveries (
    webhook     bigint           NOT NULL CONSTRAINT webhook_deliveries_webhook REFERENCES webhooks ON DELETE CASCADE,
    position    bigint           NOT NULL,
    subject     text COLLATE "C" NOT NULL,
    state       text COLLATE "C" NOT NULL
        CONSTRAINT webhook_deliveries_state CHECK (state IN ('waiting', 'parked')),
    tries       bigint           NOT NULL,
    first_at    bigint,
    next_at     bigint           NOT NULL,
    last        text COLLATE "C",
    last_status bigint,
    CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (webhook, position)
);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook, subject, position) WHERE state = 'waiting';

GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks, webhook_secrets, webhook_deliveries TO ecodocket_app;
