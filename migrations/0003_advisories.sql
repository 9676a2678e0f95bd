-- Advisories stand in streams of their own, apart from the subjects they are about.

ALTER TABLE events
    DROP CONSTRAINT events_category_check,
    ADD CONSTRAINT events_category_check CHECK (category IN ('agency', 'practitioner', 'law', 'advisory'));
