# This service's structure. It is committed, so it holds no secret.
APP_SLUG=auth

# The release of Authentik. Read its release notes before changing it, and back up the database.
AUTHENTIK_TAG=2026.8.3
