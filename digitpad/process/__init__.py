"""What a process sets up before it imports anything."""
