-- several keys may begin with the same characters; a run's keys end with it
create table api_key (
  id text primary key,
  created bigint not null,
  name text not null,
  start text not null,
  hash text not null unique,
  scope text not null,
  expires bigint,
  last_used bigint,
  flow_run_id text references flow_run (id) on delete cascade
);
create index api_key_by_start on api_key (start);
create index api_key_by_flow_run on api_key (flow_run_id, name);

pragma user_version = 11;
