-- who has claimed a run, and until when; both or none
alter table flow_run add column lease_owner text;
alter table flow_run add column lease_end bigint;
create index flow_run_by_lease on flow_run (lease_owner) where lease_owner is not null;

pragma user_version = 9;
