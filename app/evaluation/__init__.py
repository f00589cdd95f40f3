"""Measures the product on question sets: retrieval, abstention, answers, speed."""
