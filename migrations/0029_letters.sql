-- What bureaus keep for their letters, and the numbers that were given, have streams of their own: nothing is graded by it.
ALTER TABLE events DROP CONSTRAINT events_category_check;
ALTER TABLE events ADD CONSTRAINT events_category_check CHECK (category IN (
    'agency', 'practitioner', 'expert', 'client', 'law', 'advisory', 'cohort', 'pending', 'sheet', 'legal_note', 'letters'));
