-- A state that was recorded in place of a proposed one has the proposed one's id here, and why that was
-- refused, so that the same proposal gets the same answer. An accepted proposal is the state of its id.
alter table flow_run_state add column proposal_id text;
alter table flow_run_state add column refusal text;
create index flow_run_state_by_proposal on flow_run_state (proposal_id) where proposal_id is not null;

alter table task_run_state add column proposal_id text;
alter table task_run_state add column refusal text;
create index task_run_state_by_proposal on task_run_state (proposal_id) where proposal_id is not null;

pragma user_version = 8;
