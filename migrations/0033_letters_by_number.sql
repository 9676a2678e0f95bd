-- A letter is found by the number under which it was issued, as papers are by theirs. Drafts have no number; what goes to
-- the departments alone stands in no file, and is not looked for.

-- The number of a letter, folded; NULL for an event that cannot be read.
CREATE FUNCTION search_letter(state bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN search_key(convert_from(state, 'UTF8')::jsonb ->> 'number');
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

CREATE INDEX events_letter_numbers ON events (search_letter(state)) WHERE topic = 'letter-issued.v1';
