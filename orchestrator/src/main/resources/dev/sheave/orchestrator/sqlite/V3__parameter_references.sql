-- which documents the parameters of deployments and runs refer to: one of the two is there
create table parameter_reference (
  document_id text not null references block_document (id) on delete cascade,
  deployment_id text references deployment (id) on delete cascade,
  flow_run_id text references flow_run (id) on delete cascade
);
create index parameter_reference_by_document on parameter_reference (document_id);
create index parameter_reference_by_deployment on parameter_reference (deployment_id);
create index parameter_reference_by_flow_run on parameter_reference (flow_run_id);

pragma user_version = 3;
