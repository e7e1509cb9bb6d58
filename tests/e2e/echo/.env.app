APP_SLUG=e2e-echo
