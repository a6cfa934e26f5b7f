create table audit (
  sequence integer primary key autoincrement,
  created bigint not null,
  who text not null,
  address text not null,
  method text not null,
  path text not null,
  status integer not null
);
create index audit_by_created on audit (created);

-- what is old
create index flow_run_by_end on flow_run (end_time) where end_time is not null;

pragma user_version = 12;
