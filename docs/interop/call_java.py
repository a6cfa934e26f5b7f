from prefect import flow
from prefect.deployments import run_deployment


@flow
def call_java():
    run = run_deployment("log-flow/from-java", parameters={"name": "Arthur"})
    print(run.state_name)


call_java()
