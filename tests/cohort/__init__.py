"""Many units together: statistics, and values of the whole cohort against the second evaluator."""
