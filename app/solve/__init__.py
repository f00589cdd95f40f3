"""Figures computed from the numbers in a question: read, pick a documented formula, show."""
