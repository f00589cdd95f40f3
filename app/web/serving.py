"""What `mlexpert ui` runs: Streamlit's server around main.py, with our middleware."""

from __future__ import annotations

from starlette.middleware import Middleware
from streamlit import App

from app.settings import read_settings
from app.web.access import sign_in_secrets
from app.web.visitor import VisitorKey

app = App("main.py", middleware=[Middleware(VisitorKey)], secrets=sign_in_secrets(read_settings()))
