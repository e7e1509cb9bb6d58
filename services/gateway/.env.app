# This service's structure. It is committed, so it holds no secret.
APP_SLUG=gateway

# The ports on this machine are docker-compose.yml's defaults, 80 and 8090: what is set here would win over .env.shared.
