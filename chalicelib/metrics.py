"""What is counted and measured."""

NAMESPACE = "Siderostat"
