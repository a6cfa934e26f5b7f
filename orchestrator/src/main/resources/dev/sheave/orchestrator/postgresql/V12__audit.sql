create table audit (
  sequence bigint generated always as identity primary key,
  created bigint not null,
  who text collate "C" not null,
  address text collate "C" not null,
  method text collate "C" not null,
  path text collate "C" not null,
  status integer not null
);
create index audit_by_created on audit (created);

-- what is old
create index flow_run_by_end on flow_run (end_time) where end_time is not null;

update store set schema_version = 12;
