#!/bin/sh
# Creates the passwords, keys and the certificate that compose.yaml mounts, in secrets/ beside it. What exists is kept, so it can be run again.
# Needs openssl 3. The files are readable for the users of the containers, the folder only for you.
set -eu
cd "$(dirname "$0")"
[ -f .env ] || { echo "Copy .env.example to .env first." >&2; exit 1; }
setting() { sed -n "s/^$1=//p" .env | tail -n 1; }
cpor=$(setting CPOR_HOST)
login=$(setting LOGIN_HOST)
mkdir -p secrets
chmod 700 secrets
cd secrets

keep() { # file; its content is read from standard input
  if [ -s "$1" ]; then cat >/dev/null; else cat >"$1"; fi
}
for name in postgres owner app temporal keycloak keycloak_admin grafana; do
  openssl rand -hex 24 | keep "${name}_password"
done
for name in link_key webhook_key session_key; do openssl rand -base64 32 | keep "$name"; done
echo "k1:$(openssl rand -base64 32)" | keep codec_keys
echo "postgres://cpor_app:$(cat app_password)@postgres:5432/cpor" | keep database_url
echo "postgres://cpor_owner:$(cat owner_password)@postgres:5432/cpor" | keep database_owner_url
echo "smtp://mailpit:1025" | keep smtp_url
openssl genpkey -algorithm ed25519 | keep checkpoint_key.pem

# The key that seals receipts, with a certificate of its own: docs/how-to/seal-receipts.md.
[ -s seal.pem ] || {
  openssl req -x509 -newkey rsa:3072 -noenc -days 1825 -subj "/CN=Receipts of $cpor" -keyout seal.key.new -out seal.crt.new \
    -addext keyUsage=critical,digitalSignature,nonRepudiation 2>/dev/null
  cat seal.key.new seal.crt.new >seal.pem
  rm seal.key.new seal.crt.new
}

# An authority for these names alone, whose key is not kept. Trust tls_ca.crt in your browser, or put a certificate of yours in its place.
[ -s tls_certificate.crt ] || {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 825 -subj "/CN=cpor trial authority" -keyout ca.key.new -out tls_ca.crt \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign \
    -addext "nameConstraints=critical,permitted;DNS:$cpor,permitted;DNS:$login" 2>/dev/null
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 397 -subj "/CN=$cpor" -CA tls_ca.crt -CAkey ca.key.new \
    -keyout tls_key.pem -out tls_certificate.crt -addext basicConstraints=critical,CA:FALSE \
    -addext extendedKeyUsage=serverAuth -addext "subjectAltName=DNS:$cpor,DNS:$login" 2>/dev/null
  rm ca.key.new
}
chmod 444 ./*
cd ..
folder=$(setting CHECKPOINT_FOLDER)
mkdir -p "$folder"
echo "Secrets are in $(pwd)/secrets. Make $folder writable for the containers: sudo chown 65532:65532 $folder"
