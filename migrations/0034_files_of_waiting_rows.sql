-- A row of a sheet may wait for a second person by itself. What was handed in for it becomes evidence as soon as that one
-- signs, and so a row is found by the decision for which it waits.

-- The decisions for which rows of the part wait that have such files.
ALTER TABLE sheet_parts ADD COLUMN awaits text[] COLLATE "C" NOT NULL DEFAULT '{}';
CREATE INDEX sheet_parts_awaits ON sheet_parts USING gin (awaits) WHERE awaits <> '{}';
