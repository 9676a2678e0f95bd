-- Who works on which deadline. It is no part of the law and changes no file: what was done is in the log of accounts.

CREATE TABLE deadline_assignments (
    deadline text COLLATE "C" NOT NULL CONSTRAINT deadline_assignments_pkey PRIMARY KEY,
    account  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    at       bigint           NOT NULL,
    by       text COLLATE "C" NOT NULL
);
CREATE INDEX deadline_assignments_account ON deadline_assignments (account, deadline);

GRANT SELECT, INSERT, UPDATE, DELETE ON deadline_assignments TO ecodocket_app;
