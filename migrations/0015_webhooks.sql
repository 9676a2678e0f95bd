-- The feed of changes tells of every event to which place its file belonged: found among the few events that say so.
CREATE INDEX events_regions ON events (originator_id, notification_id)
    WHERE topic IN ('agency-registered.v1', 'practitioner-registered.v1', 'expert-registered.v1', 'client-registered.v1',
                    'subject-changed.v1') AND position('"region":'::bytea IN state) > 0;
