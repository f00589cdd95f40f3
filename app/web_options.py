"""Streamlit's options: the floors of a server that holds other people's documents."""

from __future__ import annotations

from typing import Final

STREAMLIT_OPTIONS: Final[dict[str, str]] = {
    "server.headless": "true",
    "server.maxUploadSize": "25",
    "server.fileWatcherType": "none",
    "server.enableStaticServing": "false",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.showSidebarNavigation": "true",
    "theme.font": "sans-serif",
    "theme.baseRadius": "medium",
    "theme.light.primaryColor": "#0b5cab",
    "theme.dark.primaryColor": "#7ab7ff",
}
