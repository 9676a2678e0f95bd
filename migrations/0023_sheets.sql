-- Imported sheets have streams of their own. What was uploaded, and what became of each row, is kept beside the journal,
-- encrypted by the vault: names of persons may stand in a sheet.

ALTER TABLE events DROP CONSTRAINT events_category_check;
ALTER TABLE events ADD CONSTRAINT events_category_check
    CHECK (category IN ('agency', 'practitioner', 'expert', 'client', 'law', 'advisory', 'cohort', 'pending', 'sheet'));

CREATE TABLE sheets (
    no       bigint           GENERATED ALWAYS AS IDENTITY CONSTRAINT sheets_pkey PRIMARY KEY,
    id       text COLLATE "C" NOT NULL CONSTRAINT sheets_id UNIQUE,
    -- Of the file, in hex.
    digest   text COLLATE "C" NOT NULL,
    by       text COLLATE "C" NOT NULL,
    at       bigint           NOT NULL,
    begun_at bigint,
    -- What the server is still to do with it, and how many of its rows it has looked through.
    work     text COLLATE "C" CONSTRAINT sheets_work CHECK (work IN ('look_through', 'go_on')),
    done     integer          NOT NULL DEFAULT 0,
    sheet    bytea            NOT NULL,
    -- The file; NULL when it is kept no more.
    content  bytea
);
CREATE INDEX sheets_digest ON sheets (digest, by);
CREATE INDEX sheets_left ON sheets (no) WHERE work IS NOT NULL;
CREATE INDEX sheets_at ON sheets (at) WHERE content IS NOT NULL;

CREATE TABLE sheet_parts (
    sheet  bigint  NOT NULL CONSTRAINT sheet_parts_sheet REFERENCES sheets ON DELETE CASCADE,
    number integer NOT NULL,
    rows   bytea   NOT NULL,
    CONSTRAINT sheet_parts_pkey PRIMARY KEY (sheet, number)
);
ALTER TABLE sheets ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE sheet_parts ALTER COLUMN rows SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, UPDATE, DELETE ON sheets, sheet_parts TO ecodocket_app;
