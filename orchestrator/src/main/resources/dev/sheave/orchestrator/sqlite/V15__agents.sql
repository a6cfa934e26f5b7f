create table agent (
  id text primary key,
  name text not null,
  host text not null,
  version text not null,
  work_pool text not null,
  queues text not null,
  queue_prefixes text not null,
  room integer not null,
  started bigint not null,
  heard bigint not null
);
create index agent_by_name on agent (name);

pragma user_version = 15;
