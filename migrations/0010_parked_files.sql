-- Files that an index cannot go on with, while it goes on with all others: one with an event that cannot be read, and
-- those whose grade hangs on it.

-- As JSON; NULL for none.
ALTER TABLE grade_builds ADD COLUMN parked text;

CREATE TABLE worklist_parked (
    subject  text COLLATE "C" CONSTRAINT worklist_parked_pkey PRIMARY KEY,
    -- What stands in the way.
    stream   text COLLATE "C" NOT NULL,
    position bigint           NOT NULL,
    reason   text             NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON worklist_parked TO ecodocket_app;
