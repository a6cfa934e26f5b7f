-- The tables of schema 9, as SQLite's migrations make them. Ids are UUIDs as text, times are microseconds since 1970
-- in UTC, and JSON is text. Text is ordered by its characters, whatever the database's language is.

create table store (
  schema_version integer not null
);
insert into store (schema_version) values (9);

-- as SQLite's: the elements of a JSON list of strings
create function json_each(list text) returns table (value text)
  language sql immutable as 'select jsonb_array_elements_text(list::jsonb)';

create table encryption_key (
  id text collate "C" primary key,
  created bigint not null
);

create table flow (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null unique,
  tags text collate "C" not null
);
create index flow_by_created on flow (created);

create table block_type (
  id text collate "C" primary key,
  created bigint not null,
  slug text collate "C" not null unique,
  name text collate "C" not null,
  logo_url text collate "C",
  documentation_url text collate "C",
  description text collate "C",
  code_example text collate "C",
  is_protected boolean not null
);

create table block_schema (
  id text collate "C" primary key,
  created bigint not null,
  block_type_id text collate "C" not null references block_type (id) on delete cascade,
  checksum text collate "C" not null,
  version text collate "C" not null,
  fields text collate "C" not null,
  capabilities text collate "C" not null,
  unique (checksum, version)
);
create index block_schema_by_type on block_schema (block_type_id, created);

-- data is the whole document, encrypted; content_hash is keyed, and is there for anonymous documents alone
-- a type is deleted with its schemas and documents, in an order of the server's own: hence deferred
create table block_document (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null,
  block_type_id text collate "C" not null references block_type (id) on delete cascade,
  block_schema_id text collate "C" not null references block_schema (id) deferrable initially deferred,
  is_anonymous boolean not null,
  key_id text collate "C" not null references encryption_key (id),
  data bytea not null,
  content_hash text collate "C",
  unique (block_type_id, name)
);
create unique index block_document_by_content on block_document (block_schema_id, content_hash);
create index block_document_by_created on block_document (is_anonymous, created);

create table block_document_reference (
  parent_id text collate "C" not null references block_document (id) on delete cascade,
  path text collate "C" not null,
  referenced_id text collate "C" not null references block_document (id) deferrable initially deferred,
  primary key (parent_id, path)
);
create index block_document_reference_by_referenced on block_document_reference (referenced_id);

create table work_pool (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null unique,
  type text collate "C" not null,
  description text collate "C",
  base_job_template text collate "C" not null,
  is_paused boolean not null,
  concurrency_limit integer
);

create table work_queue (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null,
  work_pool_id text collate "C" not null references work_pool (id) on delete cascade,
  description text collate "C",
  is_paused boolean not null,
  concurrency_limit integer,
  priority integer not null,
  last_polled bigint,
  unique (work_pool_id, name)
);

create table deployment (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null,
  flow_id text collate "C" not null references flow (id) on delete cascade,
  version text collate "C",
  description text collate "C",
  tags text collate "C" not null,
  parameters text collate "C" not null,
  parameter_schema text collate "C" not null,
  work_queue_id text collate "C" references work_queue (id) on delete set null,
  storage_document_id text collate "C" references block_document (id) on delete set null,
  infrastructure_document_id text collate "C" references block_document (id) on delete set null,
  infra_overrides text collate "C" not null,
  path text collate "C",
  entrypoint text collate "C",
  schedule text collate "C",
  is_schedule_active boolean not null,
  unique (flow_id, name)
);
create index deployment_by_created on deployment (created);
create index deployment_by_work_queue on deployment (work_queue_id);
create index deployment_by_storage on deployment (storage_document_id);
create index deployment_by_infrastructure on deployment (infrastructure_document_id);

-- the state a run is in stands here once more, for the queries that look for runs by it
create table flow_run (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null,
  flow_id text collate "C" not null references flow (id) on delete cascade,
  deployment_id text collate "C" references deployment (id) on delete set null,
  work_queue_id text collate "C" references work_queue (id) on delete set null,
  flow_version text collate "C",
  parameters text collate "C" not null,
  tags text collate "C" not null,
  idempotency_key text collate "C",
  run_count integer not null,
  retries integer not null,
  retry_delay bigint not null,
  infrastructure_document_id text collate "C" references block_document (id) on delete set null,
  infrastructure_pid text collate "C",
  infra_overrides text collate "C" not null,
  expected_start_time bigint,
  next_scheduled_start_time bigint,
  start_time bigint,
  end_time bigint,
  total_run_time bigint not null,
  state_id text collate "C" not null,
  state_type text collate "C" not null,
  state_name text collate "C" not null,
  context text collate "C" not null,
  retry_policy text collate "C" not null,
  auto_scheduled boolean not null,
  parent_task_run_id text collate "C",
  created_by text collate "C",
  lease_owner text collate "C",
  lease_end bigint,
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
  sequence bigint generated always as identity primary key,
  id text collate "C" not null unique,
  flow_run_id text collate "C" not null references flow_run (id) on delete cascade,
  type text collate "C" not null,
  name text collate "C" not null,
  timestamp bigint not null,
  message text collate "C",
  data text collate "C",
  details text collate "C" not null,
  proposal_id text collate "C",
  refusal text collate "C"
);
create index flow_run_state_by_run on flow_run_state (flow_run_id, sequence);

-- the sequence is the order in which lines were recorded; those who follow a run ask for what comes after one
create table log (
  sequence bigint generated always as identity primary key,
  flow_run_id text collate "C" not null references flow_run (id) on delete cascade,
  name text collate "C" not null,
  level integer not null,
  message text collate "C" not null,
  timestamp bigint not null,
  task_run_id text collate "C"
);
create index log_by_run on log (flow_run_id, sequence);

-- which documents the parameters of deployments and runs refer to: one of the two is there
create table parameter_reference (
  document_id text collate "C" not null references block_document (id) on delete cascade,
  deployment_id text collate "C" references deployment (id) on delete cascade,
  flow_run_id text collate "C" references flow_run (id) on delete cascade
);
create index parameter_reference_by_document on parameter_reference (document_id);
create index parameter_reference_by_deployment on parameter_reference (deployment_id);
create index parameter_reference_by_flow_run on parameter_reference (flow_run_id);

create index flow_run_by_parent on flow_run (parent_task_run_id) where parent_task_run_id is not null;

-- policy is the protocol's, as JSON; the state stands here once more, as in flow_run
create table task_run (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null,
  flow_run_id text collate "C" not null references flow_run (id) on delete cascade,
  task_key text collate "C" not null,
  dynamic_key text collate "C" not null,
  cache_key text collate "C",
  cache_expiration bigint,
  task_version text collate "C",
  policy text collate "C" not null,
  tags text collate "C" not null,
  task_inputs text collate "C" not null,
  run_count integer not null,
  flow_run_run_count integer not null,
  expected_start_time bigint,
  next_scheduled_start_time bigint,
  start_time bigint,
  end_time bigint,
  total_run_time bigint not null,
  state_id text collate "C" not null,
  state_type text collate "C" not null,
  state_name text collate "C" not null,
  unique (flow_run_id, task_key, dynamic_key)
);
create index task_run_by_created on task_run (created);
create index task_run_by_state on task_run (state_type);

create table task_run_state (
  sequence bigint generated always as identity primary key,
  id text collate "C" not null unique,
  task_run_id text collate "C" not null references task_run (id) on delete cascade,
  type text collate "C" not null,
  name text collate "C" not null,
  timestamp bigint not null,
  message text collate "C",
  data text collate "C",
  details text collate "C" not null,
  proposal_id text collate "C",
  refusal text collate "C"
);
create index task_run_state_by_run on task_run_state (task_run_id, sequence);

-- completed states that other task runs with the same key end in
create table task_run_cache (
  sequence bigint generated always as identity primary key,
  cache_key text collate "C" not null,
  cache_expiration bigint,
  state_id text collate "C" not null references task_run_state (id) on delete cascade
);
create index task_run_cache_by_key on task_run_cache (cache_key, sequence);
create index task_run_cache_by_state on task_run_cache (state_id);

-- how many task runs with a tag may run at once, and those that do
create table concurrency_limit (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  tag text collate "C" not null unique,
  concurrency_limit integer not null
);

create table concurrency_slot (
  sequence bigint generated always as identity primary key,
  limit_id text collate "C" not null references concurrency_limit (id) on delete cascade,
  task_run_id text collate "C" not null references task_run (id) on delete cascade,
  unique (limit_id, task_run_id)
);
create index concurrency_slot_by_task_run on concurrency_slot (task_run_id);

create table variable (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null unique,
  value text collate "C" not null,
  tags text collate "C" not null
);

-- the newest of a key is that with the highest sequence
create table artifact (
  sequence bigint generated always as identity primary key,
  id text collate "C" not null unique,
  created bigint not null,
  updated bigint not null,
  key text collate "C",
  type text collate "C",
  description text collate "C",
  data text collate "C",
  metadata text collate "C" not null,
  flow_run_id text collate "C" references flow_run (id) on delete cascade,
  task_run_id text collate "C" references task_run (id) on delete cascade
);
create index artifact_by_key on artifact (key, sequence);
create index artifact_by_created on artifact (created);
create index artifact_by_flow_run on artifact (flow_run_id);
create index artifact_by_task_run on artifact (task_run_id);

create table saved_search (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null unique,
  filters text collate "C" not null
);

-- A state that was recorded in place of a proposed one has the proposed one's id here, and why that was
-- refused, so that the same proposal gets the same answer. An accepted proposal is the state of its id.
create index flow_run_state_by_proposal on flow_run_state (proposal_id) where proposal_id is not null;

create index task_run_state_by_proposal on task_run_state (proposal_id) where proposal_id is not null;

-- who has claimed a run, and until when; both or none
create index flow_run_by_lease on flow_run (lease_owner) where lease_owner is not null;

alter table work_pool add column default_queue_id text collate "C" references work_queue (id) on delete set null;
