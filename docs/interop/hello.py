from prefect import flow, get_run_logger, task


@task
def greeting(name: str) -> str:
    return f"Hello {name}!"


@flow
def hello(name: str):
    get_run_logger().info(greeting(name))
