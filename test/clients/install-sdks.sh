#!/usr/bin/env bash
# Installs, each in the fixed version of its own folder, the SDKs that tests run as programs of other languages, or in a browser. One that cannot be had is
# named, and its tests are skipped.
set -u
cd "$(dirname "$0")"

if command -v java >/dev/null && command -v mvn >/dev/null; then
  if [ ! -d java-sdk-v2/target/lib ] || [ java-sdk-v2/pom.xml -nt java-sdk-v2/target/lib ]; then
    rm -rf java-sdk-v2/target
    mvn -q -B -f java-sdk-v2 package || { rm -rf java-sdk-v2/target; echo "not to be had: the SDK for Java" >&2; }
  fi
else
  echo "no Java with Maven here: the SDK for Java is not tested" >&2
fi

if command -v python3 >/dev/null; then
  if [ ! -x pyarrow/venv/bin/python ] || [ pyarrow/requirements.txt -nt pyarrow/venv ]; then
    rm -rf pyarrow/venv
    { python3 -m venv pyarrow/venv && pyarrow/venv/bin/pip install -q --disable-pip-version-check -r pyarrow/requirements.txt; } ||
      { rm -rf pyarrow/venv; echo "not to be had: pyarrow" >&2; }
  fi
else
  echo "no Python here: pyarrow is not tested" >&2
fi
if command -v chromium >/dev/null; then
  if [ ! -d browser/node_modules ] || [ browser/package-lock.json -nt browser/node_modules ]; then
    npm ci --silent --no-audit --no-fund --prefix browser || { rm -rf browser/node_modules; echo "not to be had: playwright-core" >&2; }
  fi
else
  echo "no Chromium here: pages in a browser are not tested" >&2
fi
exit 0
