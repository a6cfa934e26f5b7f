-- Ids are UUIDs as text: they read the same here, on the wire and in messages, and a person can look into
-- the file with any SQLite shell. Times are microseconds since 1970 in UTC. JSON is text.

create table encryption_key (
  id text primary key,
  created bigint not null
);

create table flow (
  id text primary key,
  created bigint not null,
  name text not null unique,
  tags text not null
);
create index flow_by_created on flow (created);

create table block_type (
  id text primary key,
  created bigint not null,
  slug text not null unique,
  name text not null,
  logo_url text,
  documentation_url text,
  description text,
  code_example text,
  is_protected boolean not null
);

create table block_schema (
  id text primary key,
  created bigint not null,
  block_type_id text not null references block_type (id) on delete cascade,
  checksum text not null,
  version text not null,
  fields text not null,
  capabilities text not null,
  unique (checksum, version)
);
create index block_schema_by_type on block_schema (block_type_id, created);

-- data is the whole document, encrypted; content_hash is keyed, and is there for anonymous documents alone
create table block_document (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  name text not null,
  block_type_id text not null references block_type (id) on delete cascade,
  block_schema_id text not null references block_schema (id),
  is_anonymous boolean not null,
  key_id text not null references encryption_key (id),
  data blob not null,
  content_hash text,
  unique (block_type_id, name)
);
create unique index block_document_by_content on block_document (block_schema_id, content_hash);
create index block_document_by_created on block_document (is_anonymous, created);

create table block_document_reference (
  parent_id text not null references block_document (id) on delete cascade,
  path text not null,
  referenced_id text not null references block_document (id),
  primary key (parent_id, path)
);
create index block_document_reference_by_referenced on block_document_reference (referenced_id);

create table work_pool (
  id text primary key,
  created bigint not null,
  name text not null unique,
  type text not null
);

create table work_queue (
  id text primary key,
  created bigint not null,
  name text not null,
  work_pool_id text not null references work_pool (id) on delete cascade,
  description text,
  is_paused boolean not null,
  concurrency_limit integer,
  priority integer not null,
  last_polled bigint,
  unique (work_pool_id, name)
);

create table deployment (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  name text not null,
  flow_id text not null references flow (id) on delete cascade,
  version text,
  description text,
  tags text not null,
  parameters text not null,
  parameter_schema text not null,
  work_queue_id text references work_queue (id) on delete set null,
  storage_document_id text references block_document (id) on delete set null,
  infrastructure_document_id text references block_document (id) on delete set null,
  infra_overrides text not null,
  path text,
  entrypoint text,
  schedule text,
  is_schedule_active boolean not null,
  unique (flow_id, name)
);
create index deployment_by_created on deployment (created);
create index deployment_by_work_queue on deployment (work_queue_id);
create index deployment_by_storage on deployment (storage_document_id);
create index deployment_by_infrastructure on deployment (infrastructure_document_id);

-- the state a run is in stands here once more, for the queries that look for runs by it
create table flow_run (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  name text not null,
  flow_id text not null references flow (id) on delete cascade,
  deployment_id text references deployment (id) on delete set null,
  work_queue_id text references work_queue (id) on delete set null,
  flow_version text,
  parameters text not null,
  tags text not null,
  idempotency_key text,
  run_count integer not null,
  retries integer not null,
  retry_delay bigint not null,
  infrastructure_document_id text references block_document (id) on delete set null,
  infrastructure_pid text,
  infra_overrides text not null,
  expected_start_time bigint,
  next_scheduled_start_time bigint,
  start_time bigint,
  end_time bigint,
  total_run_time bigint not null,
  state_id text not null,
  state_type text not null,
  state_name text not null,
  unique (flow_id, idempotency_key)
);
create index flow_run_by_queue on flow_run (work_queue_id, state_type, next_scheduled_start_time);
create index flow_run_by_state on flow_run (state_type, next_scheduled_start_time);
create index flow_run_by_created on flow_run (created);
create index flow_run_by_expected_start_time on flow_run (expected_start_time);
create index flow_run_by_next_scheduled_start_time on flow_run (next_scheduled_start_time);
create index flow_run_by_deployment on flow_run (deployment_id);
create index flow_run_by_infrastructure on flow_run (infrastructure_document_id);

create table flow_run_state (
  sequence integer primary key autoincrement,
  id text not null unique,
  flow_run_id text not null references flow_run (id) on delete cascade,
  type text not null,
  name text not null,
  timestamp bigint not null,
  message text,
  data text,
  details text not null
);
create index flow_run_state_by_run on flow_run_state (flow_run_id, sequence);

-- the sequence is the order in which lines were recorded; those who follow a run ask for what comes after one
create table log (
  sequence integer primary key autoincrement,
  flow_run_id text not null references flow_run (id) on delete cascade,
  name text not null,
  level integer not null,
  message text not null,
  timestamp bigint not null
);
create index log_by_run on log (flow_run_id, sequence);

-- the application id is "Shev": it tells Sheave's databases from other people's
pragma application_id = 1399350646;
pragma user_version = 1;
