-- Rehearsals: what was asked for, how far it is, and what it came to, until somebody deletes it. Nothing here is part of
-- the journal.

CREATE TABLE rehearsals (
    no        bigint           GENERATED ALWAYS AS IDENTITY CONSTRAINT rehearsals_pkey PRIMARY KEY,
    id        text COLLATE "C" NOT NULL CONSTRAINT rehearsals_id UNIQUE,
    -- The idempotency key of the request, and a digest of it.
    key       text COLLATE "C" CONSTRAINT rehearsals_key UNIQUE,
    digest    bytea            NOT NULL,
    -- The request, and the rehearsal made ready, as JSON.
    request   text             NOT NULL,
    rehearsed text             NOT NULL,
    by        text             NOT NULL,
    asked_at  bigint           NOT NULL,
    -- Whether a server is to run it.
    is_served boolean          NOT NULL,
    -- Who runs a waiting one holds an advisory lock on its number.
    state     text COLLATE "C" NOT NULL DEFAULT 'waiting'
        CONSTRAINT rehearsals_state CHECK (state IN ('waiting', 'done', 'cancelled', 'failed')),
    ended_at  bigint,
    -- The ranges of streams it is computed in, as JSON; NULL until somebody begins to run it.
    parts     text,
    failure   text,
    summary   bytea
);
CREATE INDEX rehearsals_waiting ON rehearsals (no) WHERE state = 'waiting' AND is_served;

-- What a part came to, packed; the changes apart, because pages are read from them.
CREATE TABLE rehearsal_parts (
    rehearsal bigint  NOT NULL CONSTRAINT rehearsal_parts_rehearsal REFERENCES rehearsals ON DELETE CASCADE,
    number    integer NOT NULL,
    subjects  bigint  NOT NULL,
    events    bigint  NOT NULL,
    result    bytea   NOT NULL,
    changes   bytea   NOT NULL,
    decisions bytea   NOT NULL,
    CONSTRAINT rehearsal_parts_pkey PRIMARY KEY (rehearsal, number)
);
ALTER TABLE rehearsals ALTER COLUMN summary SET STORAGE EXTERNAL;
ALTER TABLE rehearsal_parts
    ALTER COLUMN result SET STORAGE EXTERNAL,
    ALTER COLUMN changes SET STORAGE EXTERNAL,
    ALTER COLUMN decisions SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, UPDATE, DELETE ON rehearsals, rehearsal_parts TO ecodocket_app;
