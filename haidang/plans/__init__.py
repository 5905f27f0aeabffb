"""Plans, targets, tasks, duties."""
