-- up to when runs of the schedule were created, and when to look at it again: null for never
alter table deployment add column scheduled_until bigint;
alter table deployment add column schedule_due bigint;
update deployment set schedule_due = 0 where schedule is not null and is_schedule_active;
create index deployment_by_schedule_due on deployment (schedule_due) where schedule_due is not null;

-- a service runs in one program at a time
create table service_lock (
  name text collate "C" primary key,
  owner text collate "C" not null,
  until bigint not null
);

update store set schema_version = 13;
