"""`make deploy` and `make destroy`: docs/deploy.md in one command, and nothing else."""
