"""The endpoints of analyses; the work is done in the modules named by verbs."""
