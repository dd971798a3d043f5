-- Packages of a Debian release: one row for each, by name. packages-sample.tsv.gz holds every fourteenth of them.
--   lsmtree ./mydb < samples/packages.sql
--   lsmtree import ./mydb packages samples/packages-sample.tsv.gz
CREATE TABLE packages (
    package       TEXT PRIMARY KEY,
    version       TEXT,
    section       TEXT,
    installed_kib BIGINT,
    size_bytes    BIGINT,
    maintainer    TEXT,
    description   TEXT
);
