"""Project documents against the review criteria, without a model."""
