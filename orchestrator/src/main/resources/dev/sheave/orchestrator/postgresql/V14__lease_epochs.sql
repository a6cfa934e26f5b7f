-- how often a run was claimed, how often it got an owner, and when its agent and its process were heard last
alter table flow_run add column attempt integer not null default 0;
alter table flow_run add column lease_epoch integer not null default 0;
alter table flow_run add column agent_heard bigint;
alter table flow_run add column process_heard bigint;
update flow_run set attempt = (select count(*) from flow_run_state s
  where s.flow_run_id = flow_run.id and s.type = 'PENDING');
update flow_run set lease_epoch = attempt;
create index flow_run_by_lease_end on flow_run (lease_end) where lease_end is not null;

update store set schema_version = 14;
