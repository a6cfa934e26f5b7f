-- kept for programs that read them
create table notification_policy (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  is_active boolean not null,
  state_names text not null,
  tags text not null,
  block_document_id text not null references block_document (id) on delete cascade,
  message_template text
);
create index notification_policy_by_created on notification_policy (created);
create index notification_policy_by_block_document on notification_policy (block_document_id);

create table worker (
  id text primary key,
  created bigint not null,
  updated bigint not null,
  name text not null,
  work_pool_id text not null references work_pool (id) on delete cascade,
  last_heartbeat bigint not null,
  unique (work_pool_id, name)
);

pragma user_version = 16;
