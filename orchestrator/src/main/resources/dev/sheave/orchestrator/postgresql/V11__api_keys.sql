-- several keys may begin with the same characters; a run's keys end with it
create table api_key (
  id text collate "C" primary key,
  created bigint not null,
  name text collate "C" not null,
  start text collate "C" not null,
  hash text collate "C" not null unique,
  scope text collate "C" not null,
  expires bigint,
  last_used bigint,
  flow_run_id text collate "C" references flow_run (id) on delete cascade
);
create index api_key_by_start on api_key (start);
create index api_key_by_flow_run on api_key (flow_run_id, name);

update store set schema_version = 11;
