#!/bin/bash
# Runs once, when the volume is created: the roles and databases of cpor, Temporal and Keycloak.
set -euo pipefail
secret() { cat "/run/secrets/$1"; }

psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres \
  --set owner_password="$(secret owner_password)" --set app_password="$(secret app_password)" \
  --set temporal_password="$(secret temporal_password)" --set keycloak_password="$(secret keycloak_password)" <<'SQL'
CREATE ROLE cpor_owner LOGIN PASSWORD :'owner_password';
-- What it may do is granted table by table by the migrations: it cannot change or delete events.
CREATE ROLE cpor_app LOGIN PASSWORD :'app_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE ROLE keycloak LOGIN PASSWORD :'keycloak_password';
CREATE DATABASE cpor OWNER cpor_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE keycloak OWNER keycloak;
REVOKE CONNECT, TEMPORARY ON DATABASE cpor, temporal, temporal_visibility, keycloak FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE cpor TO cpor_app;
SQL
