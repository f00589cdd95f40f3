"""The Streamlit page: draws, remembers and delegates."""
