"""What runs on AWS: a folder is a room (docs/architecture.md)."""

import os

# pydantic would look for plugins in the metadata of all that is installed, when its first model is built; we have none
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
