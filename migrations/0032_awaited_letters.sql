-- The letters that wait to be written or issued, beside the deadlines of the same files: what follows from the journal,
-- kept in the same turns and built anew with them. `since_on` is the day that gave occasion, where there is one.
CREATE TABLE worklist_letters (
    subject      text COLLATE "C" NOT NULL,
    subject_kind text COLLATE "C" NOT NULL,
    region       text COLLATE "C" NOT NULL,
    regime       text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    concerns     text COLLATE "C" NOT NULL,
    since_on     date,
    -- The draft, where there is one.
    letter       text COLLATE "C",
    city         text COLLATE "C" NOT NULL GENERATED ALWAYS AS (left(region, 4)) STORED,
    sort_on      date             NOT NULL GENERATED ALWAYS AS (coalesce(since_on, DATE '9999-12-31')) STORED
);
CREATE INDEX worklist_letters_subject ON worklist_letters (subject);
CREATE INDEX worklist_letters_drafts ON worklist_letters (sort_on, subject, kind, concerns) WHERE letter IS NOT NULL;
CREATE INDEX worklist_letters_due ON worklist_letters (sort_on, subject, kind, concerns);

GRANT SELECT, INSERT, UPDATE, DELETE ON worklist_letters TO ecodocket_app;
GRANT SELECT ON worklist_letters TO ecodocket_reader;
ALTER TABLE worklist_letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON worklist_letters TO ecodocket_app USING (true);
CREATE POLICY reader ON worklist_letters FOR SELECT TO ecodocket_reader USING (
    CASE WHEN region >= (SELECT place_from()) COLLATE "C" AND region < (SELECT place_before()) COLLATE "C" THEN true END);
