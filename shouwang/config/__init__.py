"""配置 (config): settings, addresses, navigation and the start page."""
