"""The model wall: every language model is behind the Writer protocol, and its SDK only here."""
