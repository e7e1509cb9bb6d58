# This app's structure: names and ports. It is committed, so it holds no secret; those come from the
# repository's .env.shared, which Compose reads before this file.
# The Compose project's name is docker-compose.yml's, and isn't set here.

APP_NAME="Template App"
APP_SLUG=template-app

# Ports on this machine (loopback only), the same as in app.manifest.yml.
FRONTEND_PORT=13000
BACKEND_PORT=18000
DB_PORT=15432

# The subnet of the private network of backend and database, the same as in app.manifest.yml.
APP_SUBNET=10.213.0.0/28

# The app's own database, and the user that owns it. The password is POSTGRES_PASSWORD in .env.shared.
DB_NAME=template_app
DB_USER=template_app

# Signing in, the same as in app.manifest.yml: the app's client at the issuer, and the groups (with commas between
# them) of which a user needs one. Without a group, everyone who signed in may use the app.
OIDC_CLIENT_ID=template-app
AUTH_GROUPS=template-app-users

# How large the body of a request may be.
MAX_BODY_BYTES=1048576
