from prefect.filesystems import S3

S3(
    bucket_path="team/flows", aws_access_key_id="AKIA", aws_secret_access_key="s3cret"
).save("shared")
