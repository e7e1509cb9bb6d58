# This service's structure. It is committed, so it holds no secret.
APP_SLUG=docs
