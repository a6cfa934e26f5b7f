create table agent (
  id text collate "C" primary key,
  name text collate "C" not null,
  host text collate "C" not null,
  version text collate "C" not null,
  work_pool text collate "C" not null,
  queues text collate "C" not null,
  queue_prefixes text collate "C" not null,
  room integer not null,
  started bigint not null,
  heard bigint not null
);
create index agent_by_name on agent (name);

-- agents wait for what may give them a run to start or to cancel
create function sheave_tell() returns trigger language plpgsql as $$
begin
  perform pg_notify('sheave', current_schema());
  return null;
end
$$;
create trigger flow_run_told after insert or delete or update of state_type, work_queue_id on flow_run
  for each statement execute function sheave_tell();
create trigger work_queue_told after insert or delete or update of is_paused, name on work_queue
  for each statement execute function sheave_tell();
create trigger work_pool_told after update of is_paused on work_pool
  for each statement execute function sheave_tell();

update store set schema_version = 15;
