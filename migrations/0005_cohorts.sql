-- Experts and clients have files of their own, and the rankings and draws of a cohort a stream beside them.

ALTER TABLE events DROP CONSTRAINT events_category_check;
ALTER TABLE events ADD CONSTRAINT events_category_check
    CHECK (category IN ('agency', 'practitioner', 'expert', 'client', 'law', 'advisory', 'cohort'));
