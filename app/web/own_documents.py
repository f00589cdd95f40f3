"""The visitor's own documents in the search: what they added is read for them alone."""

from __future__ import annotations

import streamlit as st

from app.libraries import Libraries
from app.web.visitor import visitor
from app.wiring import Product


@st.cache_resource(show_spinner=False)
def shared_libraries() -> Libraries:
    """The collections of all visitors; each is found by its owner alone."""
    return Libraries()


def with_own_documents(product: Product) -> Product:
    """The product as this visitor searches it."""
    return shared_libraries().product_for(product, visitor())
