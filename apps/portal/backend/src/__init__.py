"""The backend: an HTTP API below /api, and one PostgreSQL database of its own."""
