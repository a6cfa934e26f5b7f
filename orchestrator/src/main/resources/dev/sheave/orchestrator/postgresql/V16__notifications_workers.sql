-- kept for programs that read them
create table notification_policy (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  is_active boolean not null,
  state_names text collate "C" not null,
  tags text collate "C" not null,
  block_document_id text collate "C" not null references block_document (id) on delete cascade,
  message_template text collate "C"
);
create index notification_policy_by_created on notification_policy (created);
create index notification_policy_by_block_document on notification_policy (block_document_id);

create table worker (
  id text collate "C" primary key,
  created bigint not null,
  updated bigint not null,
  name text collate "C" not null,
  work_pool_id text collate "C" not null references work_pool (id) on delete cascade,
  last_heartbeat bigint not null,
  unique (work_pool_id, name)
);

update store set schema_version = 16;
