#!/usr/bin/env bash
# As in the real image, with the same settings: on an empty PGDATA it creates a cluster with POSTGRES_USER,
# POSTGRES_PASSWORD and POSTGRES_DB (each also as NAME_FILE) and runs /docker-entrypoint-initdb.d; then it starts
# the server. As root it becomes the user postgres first.
set -euo pipefail

if [[ ${1:-} == -* ]]; then
  set -- postgres "$@"
fi
if [[ ${1:-} != postgres || " $* " == *" --version "* || " $* " == *" --help "* ]]; then
  exec "$@"
fi

if [[ $EUID -eq 0 ]]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 00700 "$PGDATA"
  chmod 03775 /var/run/postgresql
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres:postgres {} +
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi

# The value of NAME, out of the file that NAME_FILE names where NAME is empty.
setting() {
  local name=$1 file=$1_FILE
  if [[ -n ${!name:-} ]]; then
    printf '%s' "${!name}"
  elif [[ -n ${!file:-} ]]; then
    cat "${!file}"
  fi
}

user=$(setting POSTGRES_USER)
user=${user:-postgres}
database=$(setting POSTGRES_DB)
database=${database:-$user}

make_cluster() {
  local password authentication=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  password=$(setting POSTGRES_PASSWORD)
  if [[ -z $password && $authentication != trust ]]; then
    echo "Error: Database is uninitialized and superuser password is not specified: set POSTGRES_PASSWORD" >&2
    exit 1
  fi
  # shellcheck disable=SC2086 # the setting is a list of arguments
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") --auth-host="$authentication" \
    --auth-local=trust --set listen_addresses='*' --set unix_socket_directories=/var/run/postgresql \
    ${POSTGRES_INITDB_ARGS:-} --pgdata="$PGDATA"
  echo "host all all all $authentication" >>"$PGDATA/pg_hba.conf"
}

run_sql() {
  psql --set ON_ERROR_STOP=1 --username "$user" --no-password --no-psqlrc "$@"
}

fill_cluster() {
  local file
  # Only on the socket, so that the server answers over TCP only once everything is set up.
  pg_ctl --pgdata="$PGDATA" --options="-c listen_addresses=''" --wait --silent start
  if [[ $database != postgres ]]; then
    run_sql --dbname postgres --set database="$database" <<<'CREATE DATABASE :"database";'
  fi
  export POSTGRES_USER=$user POSTGRES_DB=$database
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [[ -x $file ]]; then "$file"; else bash "$file"; fi ;;
      *.sql) run_sql --dbname "$database" --file "$file" ;;
      *.sql.gz) gunzip --stdout "$file" | run_sql --dbname "$database" ;;
    esac
  done
  pg_ctl --pgdata="$PGDATA" --mode=fast --wait --silent stop
  echo "PostgreSQL init process complete; ready for start up."
}

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  make_cluster
  fill_cluster
fi
exec "$@"
