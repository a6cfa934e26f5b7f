-- What the protocol's records have and the first tables lacked.

alter table flow add column updated bigint not null default 0;
update flow set updated = created;

alter table work_queue add column updated bigint not null default 0;
update work_queue set updated = created;

alter table flow_run add column context text not null default '{}';
alter table flow_run add column retry_policy text not null default '{}';
alter table flow_run add column auto_scheduled boolean not null default false;
alter table flow_run add column parent_task_run_id text;
alter table flow_run add column created_by text;
create index flow_run_by_parent on flow_run (parent_task_run_id) where parent_task_run_id is not null;

alter table log add column task_run_id text;

pragma user_version = 4;
