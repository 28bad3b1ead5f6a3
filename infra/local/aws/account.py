"""The AWS account that the embedded server plays."""

ACCOUNT_ID = "123456789012"
REGION = "us-east-1"

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",  # moto accepts any; what a stack signs with is its own
    "AWS_DEFAULT_REGION": REGION,
}
"""Environment under which clients reach it."""
