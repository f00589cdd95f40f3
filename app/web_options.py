"""Streamlit's options: the floors of a server that holds other people's documents, and the theme.

One accent (a deep teal, light on dark); paper and ink around it; headings in a book face. The fonts
come with Streamlit, so that nothing is fetched.
"""

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
    "theme.headingFont": "serif",
    "theme.headingFontSizes": '["2rem", "1.35rem", "1.15rem", "1.05rem", "1rem", "0.9rem"]',
    "theme.headingFontWeights": "[600, 600, 600, 600, 600, 600]",
    "theme.codeFontSize": "0.86rem",
    "theme.baseRadius": "0.6rem",
    "theme.metricValueFontSize": "1.75rem",
    "theme.linkUnderline": "true",
    "theme.showWidgetBorder": "true",
    "theme.light.primaryColor": "#0c6b5e",
    "theme.light.backgroundColor": "#fdfcf9",
    "theme.light.secondaryBackgroundColor": "#f3f1ea",
    "theme.light.textColor": "#131816",
    "theme.light.linkColor": "#0b5f54",
    "theme.light.borderColor": "#dcd8cc",
    "theme.light.codeTextColor": "#20413b",
    "theme.light.codeBackgroundColor": "#f3f1ea",
    "theme.light.sidebar.backgroundColor": "#f5f3ec",
    "theme.light.sidebar.secondaryBackgroundColor": "#ebe8de",
    "theme.dark.primaryColor": "#5cc9b1",
    "theme.dark.backgroundColor": "#14181a",
    "theme.dark.secondaryBackgroundColor": "#1e2426",
    "theme.dark.textColor": "#e7eae6",
    "theme.dark.linkColor": "#7fd8c4",
    "theme.dark.borderColor": "#353e41",
    "theme.dark.codeTextColor": "#bfe6dc",
    "theme.dark.codeBackgroundColor": "#1e2426",
    "theme.dark.sidebar.backgroundColor": "#101416",
    "theme.dark.sidebar.secondaryBackgroundColor": "#1e2426",
}
