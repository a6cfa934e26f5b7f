-- what waits in a queue, in the order it is handed out: small, however many runs there were
create index flow_run_by_due on flow_run (work_queue_id, next_scheduled_start_time, created, id)
  where state_type = 'SCHEDULED';
drop index flow_run_by_queue;
create index flow_run_by_queue on flow_run (work_queue_id, state_type);

-- pages list the runs of a state by time, without sorting all of them
drop index flow_run_by_state;
create index flow_run_by_state on flow_run (state_type, expected_start_time);

drop index flow_run_by_next_scheduled_start_time;
create index flow_run_by_next_scheduled_start_time on flow_run (next_scheduled_start_time)
  where next_scheduled_start_time is not null;

update store set schema_version = 17;
