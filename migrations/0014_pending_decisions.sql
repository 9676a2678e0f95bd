-- Decisions that wait for a second person have streams of their own. Every process follows them by their positions.

ALTER TABLE events DROP CONSTRAINT events_category_check;
ALTER TABLE events ADD CONSTRAINT events_category_check
    CHECK (category IN ('agency', 'practitioner', 'expert', 'client', 'law', 'advisory', 'cohort', 'pending'));

CREATE INDEX events_pending ON events (notification_id) WHERE category = 'pending';
