# Sourced by the suites: `start_server` starts what is built, with buckets that take ACLs, and sets endpoint, access_key, secret_key and work, a folder
# for the suite's files; `make_accounts NAME...` makes accounts. All of it is gone when the script ends.
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

start_server() {
  : >"$work/server"
  "$(dirname "${BASH_SOURCE[0]}")/../../../bin/lugsail" serve --data "$work/data" --listen 127.0.0.1:0 --new-bucket-defaults legacy --failed-signatures-per-minute-max 0 >"$work/server" 2>"$work/log" &
  server=$!
  for _ in $(seq 300); do
    endpoint=$(sed -n 's/^Lugsail serves .* on \(http:[^ ]*\).*/\1/p' "$work/server")
    [ -n "$endpoint" ] && break
    sleep 0.2
  done
  [ -n "$endpoint" ] || { echo "the server did not start" >&2; cat "$work/log" >&2; exit 1; }
  access_key=$(sed -n 's/^aws_access_key_id = //p' "$work/data/credentials")
  secret_key=$(sed -n 's/^aws_secret_access_key = //p' "$work/data/credentials")
}

# Exports ACCOUNTS: a line for each, of its canonical id, account id, access key id and secret access key.
make_accounts() {
  local name lugsail
  lugsail=$(dirname "${BASH_SOURCE[0]}")/../../../bin/lugsail
  ACCOUNTS=$(for name; do
    "$lugsail" account create "$name" --data "$work/data" --output json | node -e '
      const { account, secretAccessKey } = JSON.parse(require("fs").readFileSync(0, "utf8"))
      console.log(account.canonicalUserId, account.accountId, account.accessKeyId, secretAccessKey)'
  done)
  export ACCOUNTS
}
