-- Who may do what in the database of the index: one role writes articles, one reads them. Run once, by the owner:
--   READER_PASSWORD=… WRITER_PASSWORD=… psql --dbname guide --file roles.sql
\set ON_ERROR_STOP on
\getenv reader_password READER_PASSWORD
\getenv writer_password WRITER_PASSWORD

create extension if not exists vector;
create role guide_writer login password :'writer_password';
create role guide_reader login password :'reader_password';

-- Each collection is a schema of the writer's, which the reader may look into.
select format('grant create on database %I to guide_writer', current_database()) \gexec
alter default privileges for role guide_writer grant usage on schemas to guide_reader;
alter default privileges for role guide_writer grant select on tables to guide_reader;
