-- policy is the protocol's, as JSON; the state stands here once more, as in flow_run
create table task_run (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  name text not null,
  flow_run_id text not null references flow_run (id) on delete cascade,
  task_key text not null,
  dynamic_key text not null,
  cache_key text,
  cache_expiration bigint,
  task_version text,
  policy text not null,
  tags text not null,
  task_inputs text not null,
  run_count integer not null,
  flow_run_run_count integer not null,
  expected_start_time bigint,
  next_scheduled_start_time bigint,
  start_time bigint,
  end_time bigint,
  total_run_time bigint not null,
  state_id text not null,
  state_type text not null,
  state_name text not null,
  unique (flow_run_id, task_key, dynamic_key)
);
create index task_run_by_created on task_run (created);
create index task_run_by_state on task_run (state_type);

create table task_run_state (
  sequence integer primary key autoincrement,
  id text not null unique,
  task_run_id text not null references task_run (id) on delete cascade,
  type text not null,
  name text not null,
  timestamp bigint not null,
  message text,
  data text,
  details text not null
);
create index task_run_state_by_run on task_run_state (task_run_id, sequence);

-- completed states that other task runs with the same key end in
create table task_run_cache (
  sequence integer primary key autoincrement,
  cache_key text not null,
  cache_expiration bigint,
  state_id text not null references task_run_state (id) on delete cascade
);
create index task_run_cache_by_key on task_run_cache (cache_key, sequence);
create index task_run_cache_by_state on task_run_cache (state_id);

-- how many task runs with a tag may run at once, and those that do
create table concurrency_limit (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  tag text not null unique,
  concurrency_limit integer not null
);

create table concurrency_slot (
  sequence integer primary key autoincrement,
  limit_id text not null references concurrency_limit (id) on delete cascade,
  task_run_id text not null references task_run (id) on delete cascade,
  unique (limit_id, task_run_id)
);
create index concurrency_slot_by_task_run on concurrency_slot (task_run_id);

pragma user_version = 5;
