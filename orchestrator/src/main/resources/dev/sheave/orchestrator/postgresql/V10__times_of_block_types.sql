alter table block_type add column updated bigint not null default 0;
update block_type set updated = created;

update store set schema_version = 10;
