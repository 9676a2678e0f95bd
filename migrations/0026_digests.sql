-- What somebody holds as a digest is found by it: the event whose seal it is, and the result whose receipt it ends.
CREATE INDEX events_leaf ON events USING hash (leaf);

CREATE FUNCTION result_digest(state bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN convert_from(state, 'UTF8')::jsonb #>> '{result,receipt,digest}';
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;
CREATE INDEX events_result_digest ON events (result_digest(state))
    WHERE topic IN ('stage-recorded.v1', 'stage-recorded.v2', 'repair-confirmed.v1', 'result-adjusted.v1',
                    'result-adjusted.v2');
