from prefect.blocks.system import Secret

print(Secret.load("motto").get())
