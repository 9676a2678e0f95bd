-- A number that is corrected away from a file is free again, unless it stands for another file too, as older journals may
-- have it: then it goes on standing for that one, the first of them, and is registered for no third.
CREATE OR REPLACE FUNCTION tell_number(kind text, told text, file text, corrects boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF corrects THEN
        WITH freed AS (
            DELETE FROM official_numbers o WHERE o.category = kind AND o.stream = file RETURNING o.number)
        INSERT INTO official_numbers (category, number, stream)
        SELECT kind, f.number, other.stream
          FROM freed f CROSS JOIN LATERAL (
               SELECT h.stream FROM held_numbers h
                 JOIN events e ON e.originator_id = h.stream AND e.originator_version = 1
                WHERE h.category = kind AND h.number = search_key(f.number) AND h.stream <> file
                ORDER BY e.notification_id LIMIT 1) other
         WHERE f.number <> told;
    END IF;
    INSERT INTO official_numbers (category, number, stream) SELECT kind, told, file
     WHERE NOT EXISTS (
         SELECT FROM official_numbers o WHERE o.category = kind AND o.number = told AND o.stream = file);
END
$$;
