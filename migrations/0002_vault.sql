-- The vault: personal data, apart from the journal, encrypted per person. Here rows may be deleted: that is what
-- erasing a person means. `vault_erased` says who was erased, so that no new key is made for the same person.

CREATE TABLE vault_keys (
    person      text COLLATE "C" NOT NULL CONSTRAINT vault_keys_pkey PRIMARY KEY,
    wrapped_key bytea            NOT NULL,
    suite       smallint         NOT NULL
);

CREATE TABLE vault_records (
    person     text COLLATE "C" NOT NULL CONSTRAINT vault_records_pkey PRIMARY KEY,
    ciphertext bytea            NOT NULL
);

CREATE TABLE vault_index (
    blind  bytea            NOT NULL CONSTRAINT vault_index_pkey PRIMARY KEY,
    person text COLLATE "C" NOT NULL
);
CREATE INDEX vault_index_person ON vault_index (person);

CREATE TABLE vault_erased (
    person text COLLATE "C" NOT NULL CONSTRAINT vault_erased_pkey PRIMARY KEY
);

GRANT SELECT, INSERT, UPDATE, DELETE ON vault_keys, vault_records, vault_index TO ecodocket_app;
GRANT SELECT, INSERT ON vault_erased TO ecodocket_app;
