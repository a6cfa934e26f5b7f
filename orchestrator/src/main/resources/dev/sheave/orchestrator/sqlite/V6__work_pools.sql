alter table work_pool add column updated bigint not null default 0;
update work_pool set updated = created;
alter table work_pool add column description text;
alter table work_pool add column base_job_template text not null default '{}';
alter table work_pool add column is_paused boolean not null default false;
alter table work_pool add column concurrency_limit integer;
alter table work_pool add column default_queue_id text references work_queue (id) on delete set null;

pragma user_version = 6;
