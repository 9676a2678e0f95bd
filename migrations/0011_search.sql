-- What people know of a file (a name, a unified social credit code, the number of a paper or of a case) leads to it by
-- indexes over the events themselves: nothing lags behind, and what is corrected later is found under both.

-- A text as it is compared and searched: NFKC, small letters, brackets alike, without blanks and what is unseen.
CREATE FUNCTION search_key(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT regexp_replace(
        translate(lower(normalize(given, NFKC)), '〔〕【】[]〖〗{}', '()()()()()'),
        '[[:space:]\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f'
        '\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]+', '', 'g')
$$;

-- The numbers that an event says of its subject, folded; NULL for an event that cannot be read.
CREATE FUNCTION search_numbers(topic text, state bytea) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    said jsonb;
BEGIN
    said := convert_from(state, 'UTF8')::jsonb;
    RETURN CASE
        WHEN topic = 'fact-recorded.v1' THEN array_remove(
            ARRAY[search_key(said ->> 'document'), search_key(said ->> 'case_no')], NULL)
        WHEN topic = 'fact-corrected.v1' THEN array_remove(
            ARRAY[search_key(said #>> '{changes,document}'), search_key(said #>> '{changes,case_no}')], NULL)
        ELSE array_remove(ARRAY[search_key(said ->> 'uscc')], NULL)
    END;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

-- The name that an event gives its subject, in fragments of one and two characters; NULL for one that gives none.
CREATE FUNCTION search_name(state bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN search_key(convert_from(state, 'UTF8')::jsonb ->> 'name');
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

CREATE INDEX events_numbers ON events USING gin (search_numbers(topic, state))
    WHERE topic IN ('fact-recorded.v1', 'fact-corrected.v1', 'agency-registered.v1', 'client-registered.v1',
                    'subject-changed.v1');
CREATE INDEX events_names ON events USING gin (grade_grams(search_name(state)))
    WHERE topic IN ('agency-registered.v1', 'client-registered.v1', 'subject-changed.v1');
