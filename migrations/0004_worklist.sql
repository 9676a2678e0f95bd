-- The worklist: deadlines as they follow from the journal and the law. Everything here but what was told can be built
-- anew at any time, and is when a subject's `law` is no longer the one in use.

CREATE TABLE worklist_subjects (
    subject text COLLATE "C" NOT NULL CONSTRAINT worklist_subjects_pkey PRIMARY KEY,
    kind    text COLLATE "C" NOT NULL,
    name    text,
    -- By which law and engine the deadlines were computed.
    law     text COLLATE "C" NOT NULL,
    -- How many of them nothing has met yet.
    undone  integer          NOT NULL
);
CREATE INDEX worklist_subjects_law ON worklist_subjects (law, undone);

CREATE TABLE deadlines (
    subject      text COLLATE "C"   NOT NULL,
    id           text COLLATE "C"   NOT NULL,
    subject_kind text COLLATE "C"   NOT NULL,
    regime       text COLLATE "C"   NOT NULL,
    region       text COLLATE "C"   NOT NULL,
    year         integer,
    kind         text COLLATE "C"   NOT NULL,
    actor        text COLLATE "C"   NOT NULL,
    starts_on    date               NOT NULL,
    started_by   text COLLATE "C"   NOT NULL,
    due_on       date,
    original_on  date,
    provisional  boolean            NOT NULL,
    done_on      date,
    done_by      text COLLATE "C",
    skipped      boolean            NOT NULL,
    -- How it stands after its last day when nothing was done; it passes where that is not `overdue`.
    once_over    text COLLATE "C"   NOT NULL,
    passes       boolean            NOT NULL GENERATED ALWAYS AS (once_over <> 'overdue') STORED,
    cites        text[]             NOT NULL,
    readings     text[]             NOT NULL,
    city         text COLLATE "C"   NOT NULL GENERATED ALWAYS AS (left(region, 4)) STORED,
    -- The order of legal time left: what is suspended comes last.
    sort_on      date               NOT NULL GENERATED ALWAYS AS (coalesce(due_on, DATE '9999-12-31')) STORED,
    CONSTRAINT deadlines_pkey PRIMARY KEY (subject, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

-- A page of work reads along one of these and stops when it is full.
CREATE INDEX deadlines_duties ON deadlines (sort_on, id) WHERE done_on IS NULL AND NOT passes;
CREATE INDEX deadlines_duties_of_city ON deadlines (city, sort_on, id) WHERE done_on IS NULL AND NOT passes;
CREATE INDEX deadlines_passing ON deadlines (sort_on, id) WHERE done_on IS NULL AND passes;
CREATE INDEX deadlines_passing_of_city ON deadlines (city, sort_on, id) WHERE done_on IS NULL AND passes;
CREATE INDEX deadlines_done ON deadlines (done_on) WHERE done_on IS NOT NULL;
CREATE INDEX deadlines_done_of_city ON deadlines (city, sort_on, id) WHERE done_on IS NOT NULL;
-- The counts need nothing but this: thousands of rows are equal in all of it, and an index keeps them as one.
CREATE INDEX deadlines_counted ON deadlines (city, passes, sort_on, kind, once_over, region, regime, actor, starts_on)
    WHERE done_on IS NULL;

-- What a sweep has told. Another last day of the same deadline is another thing to tell.
CREATE TABLE deadline_reminders (
    subject text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    due_on  date             NOT NULL,
    what    text COLLATE "C" NOT NULL CHECK (what IN ('near', 'overdue')),
    told_on date             NOT NULL,
    CONSTRAINT deadline_reminders_pkey PRIMARY KEY (subject, id, due_on, what)
);
CREATE INDEX deadline_reminders_told_on ON deadline_reminders (told_on);

GRANT SELECT, INSERT, UPDATE, DELETE ON worklist_subjects, deadlines TO ecodocket_app;
GRANT SELECT, INSERT ON deadline_reminders TO ecodocket_app;
