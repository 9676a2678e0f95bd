-- Whether a number stands for another file too is looked up along its key, and whatever is known of the numbers. Where most
-- files have the same few, as those of a load of trial may, the planner takes any row for one of the number: it read all
-- numbers, in the order in which they lie, for each file with one of its own.
CREATE OR REPLACE FUNCTION keep_held_number(added events) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told text := (search_numbers(added.topic, added.state))[1];
BEGIN
    IF told IS NULL OR told = '' THEN
        RETURN;
    END IF;
    IF corrects_numbers(added.topic, added.state) THEN
        WITH freed AS (
            DELETE FROM held_numbers h
             WHERE h.category = added.category AND h.stream = added.originator_id AND h.number = ANY (
                   ARRAY(SELECT (search_numbers(e.topic, e.state))[1] FROM events e
                          WHERE e.originator_id = added.originator_id
                            AND e.topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1')))
            RETURNING h.number)
        DELETE FROM double_numbers d USING freed f
         WHERE d.category = added.category AND d.number = f.number
           AND (SELECT count(*) FROM held_numbers h
                 WHERE h.category = d.category AND h.number = d.number AND h.stream <> added.originator_id) < 2;
    END IF;
    INSERT INTO held_numbers (category, number, stream) VALUES (added.category, told, added.originator_id)
        ON CONFLICT DO NOTHING;
    -- The order is that of the key.
    IF EXISTS (SELECT FROM (
            SELECT h.stream FROM held_numbers h
             WHERE h.category = added.category AND h.number = told AND h.stream <> added.originator_id
             ORDER BY h.category, h.number, h.stream LIMIT 1) other) THEN
        INSERT INTO double_numbers (category, number) VALUES (added.category, told) ON CONFLICT DO NOTHING;
    END IF;
END
$$;
