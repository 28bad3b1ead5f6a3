"""Builds what a deployment uploads: one template, and one zip for each kind of function."""
