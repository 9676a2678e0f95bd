-- A part of a name in lists of grades is looked up by its groups of three characters as well. Among a million names of one
-- kind a pair of them stands in a hundred thousand, and the lists of all pairs of a part were gone through together.

-- All groups of one, two and three characters of a name. Beside grade_grams it is restricted to one process: to begin
-- others takes longer than the few names that have a part.
CREATE FUNCTION grade_name_parts(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED COST 10000 AS $$
    SELECT array_agg(DISTINCT substr(name, n, size))
        FROM generate_series(1, length(name)) n, (VALUES (1), (2), (3)) s (size)
$$;
CREATE INDEX grade_profiles_parts ON grade_profiles USING gin (grade_name_parts(name));

-- The key of the names is kept from the planner, which would look up all that are known at the moment along it as well.
CREATE OR REPLACE FUNCTION grade_names_of_place(
    of_generation integer, grams text[], part text, known_at bigint, as_of date
) RETURNS TABLE (subject text) LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first text COLLATE "C" := place_from();
    past  text COLLATE "C" := place_before();
BEGIN
    RETURN QUERY SELECT p.subject FROM grade_profiles p
        WHERE p.generation + 0 = of_generation AND grade_name_parts(p.name) @> grams AND strpos(p.name, part) > 0
          AND p.known_from + 0 <= known_at AND p.known_to > known_at
          AND p.valid_from + 0 <= as_of AND p.valid_to > as_of
          AND EXISTS (SELECT FROM file_places f WHERE f.stream = p.subject AND f.region >= first AND f.region < past);
END
$$;

DROP INDEX grade_profiles_named;
DROP FUNCTION grade_grams;
