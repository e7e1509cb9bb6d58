APP_SLUG=e2e-pebble
