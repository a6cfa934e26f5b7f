alter table block_type add column updated bigint not null default 0;
update block_type set updated = created;

pragma user_version = 10;
