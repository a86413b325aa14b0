"""Files as nobody should have written them: for each reader, thousands of cases from a seed."""
