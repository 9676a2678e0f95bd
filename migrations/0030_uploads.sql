-- Files on their way in, and the SM3 of contents beside the SHA-256 that events hold. The bytes lie in the store of
-- contents; names of files are encrypted by the vault.

CREATE TABLE uploads (
    id         text COLLATE "C" NOT NULL CONSTRAINT uploads_pkey PRIMARY KEY,
    by         text COLLATE "C" NOT NULL,
    expires_at bigint           NOT NULL,
    -- How many bytes have come.
    reached    bigint           NOT NULL,
    -- Where the bytes of a finished one lie.
    address    text COLLATE "C",
    upload     bytea            NOT NULL
);
CREATE INDEX uploads_by ON uploads (by) WHERE address IS NULL;
CREATE INDEX uploads_expires_at ON uploads (expires_at);

CREATE TABLE content_sm3 (
    address text COLLATE "C" NOT NULL CONSTRAINT content_sm3_pkey PRIMARY KEY,
    sm3     text COLLATE "C" NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON uploads TO ecodocket_app;
GRANT SELECT, INSERT ON content_sm3 TO ecodocket_app;
