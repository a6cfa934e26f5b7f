-- Transactions that tell end one after the other, each after the disk has it. So only those tell that may give a waiting
-- agent something to do: a run that begins doesn't, nor one that ends where no limit is.
create function sheave_tell_of_run() returns trigger language plpgsql as $$
begin
  if new.state_type in ('SCHEDULED', 'CANCELLING', 'CANCELLED')
      or new.work_queue_id is distinct from old.work_queue_id
      or exists (select from work_queue q join work_pool p on p.id = q.work_pool_id
        where q.id = new.work_queue_id
        and (q.concurrency_limit is not null or p.concurrency_limit is not null)) then
    perform pg_notify('sheave', current_schema());
  end if;
  return null;
end
$$;
drop trigger flow_run_told on flow_run;
create trigger flow_run_told after insert or delete on flow_run
  for each statement execute function sheave_tell();
create trigger flow_run_changed after update of state_type, work_queue_id on flow_run
  for each row when (new.state_type not in ('PENDING', 'RUNNING')
    or new.work_queue_id is distinct from old.work_queue_id)
  execute function sheave_tell_of_run();

-- a limit that was raised gives them something to do, too
drop trigger work_queue_told on work_queue;
create trigger work_queue_told after insert or delete or update of is_paused, name, concurrency_limit on work_queue
  for each statement execute function sheave_tell();
drop trigger work_pool_told on work_pool;
create trigger work_pool_told after update of is_paused, concurrency_limit on work_pool
  for each statement execute function sheave_tell();

update store set schema_version = 18;
