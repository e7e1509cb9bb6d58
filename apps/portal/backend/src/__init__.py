"""The backend: an HTTP API below /api, with its own PostgreSQL database."""
