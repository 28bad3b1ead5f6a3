"""What is counted and measured of the way of analyses, for CloudWatch and for whoever runs it all on one machine."""
