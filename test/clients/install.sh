#!/usr/bin/env bash
# Installs from Debian the S3 clients that this machine lacks. A client that cannot be had is named, and its tests are skipped.
set -u
declare -A package_of=([aws]=awscli [rclone]=rclone [restic]=restic [s3cmd]=s3cmd [s3fs]=s3fs [curl]=curl [chromium]=chromium [pgbackrest]=pgbackrest)
missing=()
for program in "${!package_of[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package_of[$program]}")
done
python3 -c 'import boto3' 2>/dev/null || missing+=(python3-boto3)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
command -v apt-get >/dev/null || { echo "no apt-get here; missing: ${missing[*]}" >&2; exit 0; }
apt-get update -qq
for package in "${missing[@]}"; do
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null || echo "not to be had: $package" >&2
done
exit 0
