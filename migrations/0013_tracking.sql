-- How far each index has come, as the eventsourcing library's tracking recorders keep and read it: a table for each, the
-- application that is followed in the one column, the last position taken in from it in the other.

ALTER TABLE projection_tracking RENAME TO worklist_tracking;
ALTER TABLE worklist_tracking RENAME CONSTRAINT projection_tracking_pkey TO worklist_tracking_pkey;
UPDATE worklist_tracking SET application_name = 'ecodocket' WHERE application_name = 'worklist';

-- Each generation of the index of grades has come to a position of its own; what is followed is followed from that of the
-- generation in use.
CREATE VIEW grade_tracking AS
SELECT 'ecodocket' AS application_name, b.position AS notification_id
  FROM grade_builds b
 WHERE b.is_current;
GRANT SELECT ON grade_tracking TO ecodocket_app;
