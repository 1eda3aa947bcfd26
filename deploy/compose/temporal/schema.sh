#!/bin/sh
# Creates the tables of Temporal, or brings them to this version. Running it again changes nothing.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_password)
export SQL_PASSWORD

for part in temporal:temporal visibility:temporal_visibility; do
  sql() { temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database "${part#*:}" "$@"; }
  sql setup-schema --version 0.0
  sql update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/${part%%:*}/versioned"
done
