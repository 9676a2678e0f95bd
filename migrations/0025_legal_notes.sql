-- What jurists say of an edition has streams of its own: nothing is graded by it, and the law stays as it is.
ALTER TABLE events DROP CONSTRAINT events_category_check;
ALTER TABLE events ADD CONSTRAINT events_category_check CHECK (category IN (
    'agency', 'practitioner', 'expert', 'client', 'law', 'advisory', 'cohort', 'pending', 'sheet', 'legal_note'));
