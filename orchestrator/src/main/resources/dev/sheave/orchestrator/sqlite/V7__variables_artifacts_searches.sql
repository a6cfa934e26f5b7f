create table variable (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  name text not null unique,
  value text not null,
  tags text not null
);

-- the newest of a key is that with the highest sequence
create table artifact (
  sequence integer primary key autoincrement,
  id text not null unique,
  created bigint not null,
  updated bigint not null,
  key text,
  type text,
  description text,
  data text,
  metadata text not null,
  flow_run_id text references flow_run (id) on delete cascade,
  task_run_id text references task_run (id) on delete cascade
);
create index artifact_by_key on artifact (key, sequence);
create index artifact_by_created on artifact (created);
create index artifact_by_flow_run on artifact (flow_run_id);
create index artifact_by_task_run on artifact (task_run_id);

create table saved_search (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  name text not null unique,
  filters text not null
);

pragma user_version = 7;
