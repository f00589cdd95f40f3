"""ML Engineer Expert: grounded answers and document reviews for production ML."""
