-- Who works on which deadline, and which ones are put off until a day or noted as done (no day). It is no part of the law and changes no file: what was done is in the log of accounts.

CREATE TABLE deadline_assignments (
    deadline text COLLATE "C" NOT NULL CONSTRAINT deadline_assignments_pkey PRIMARY KEY,
    account  text COLLATE "C" NOT NULL REFERENCES accounts (id),
    at       bigint           NOT NULL,
    by       text COLLATE "C" NOT NULL
);
CREATE INDEX deadline_assignments_account ON deadline_assignments (account, deadline);

CREATE TABLE deadline_snoozes (
    deadline text COLLATE "C" NOT NULL CONSTRAINT deadline_snoozes_pkey PRIMARY KEY,
    until_on date,
    reason   text             NOT NULL,
    at       bigint           NOT NULL,
    by       text COLLATE "C" NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON deadline_assignments TO ecodocket_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON deadline_snoozes TO ecodocket_app;
