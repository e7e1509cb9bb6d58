# This service's structure. It is committed, so it holds no secret.
APP_SLUG=auth-dev

# Lifetimes in seconds. A test sets shorter ones in its environment, which wins over this file.
AUTH_DEV_ACCESS_TOKEN_SECONDS=900
AUTH_DEV_REFRESH_TOKEN_SECONDS=1209600
AUTH_DEV_SESSION_SECONDS=1209600
