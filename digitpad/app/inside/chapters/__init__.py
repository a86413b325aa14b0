"""The guided tour: eight short chapters beside the views, each with a task."""
