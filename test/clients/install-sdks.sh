#!/usr/bin/env bash
# Installs, each in the fixed version of its own folder, the SDKs that tests run as programs of other languages, or in a browser. One that cannot be had is
# named, and its tests are skipped.
#   install-sdks.sh [FOLDER...]     all of them when none is named; java/NAME is one client of Java's
set -u
cd "$(dirname "$0")"
folders=("$@")
[ ${#folders[@]} -gt 0 ] || folders=(java pyarrow browser javascript go python rust programs barman)

# Whether a file or folder is absent, or older than one of the files that it is made of.
is_stale() {
  local made=$1
  shift
  [ ! -e "$made" ] && return 0
  local source
  for source in "$@"; do [ "$source" -nt "$made" ] && return 0; done
  return 1
}

has() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || {
      echo "no $program here: test/clients/$folder is not tested" >&2
      return 1
    }
  done
}

# Removes what was half made, and says so.
failed() {
  rm -rf "$1"
  echo "not to be had: test/clients/$1" >&2
}

# The Java clients that these pom.xml are of: their libraries, and beside them the program of the steps as steps.jar.
java_clients() {
  local pom client stale=()
  for pom in "$@"; do
    client=$(basename "$(dirname "$pom")")
    java_sources "$client"
    is_stale "java/$client/target/lib/steps.jar" java/pom.xml "$pom" "${sources[@]}" && stale+=("$client")
  done
  [ ${#stale[@]} -gt 0 ] || return
  for client in "${stale[@]}"; do rm -rf "java/$client/target"; done
  mvn -q -B -Dstyle.color=never --fail-at-end -f java -pl "$(IFS=,; echo "${stale[*]}")" package
  for client in "${stale[@]}"; do
    java_sources "$client"
    java_program "java/$client/target/lib" "${sources[@]}" || failed "java/$client/target"
  done
}

# Sets `sources` to what a client's program is made of.
java_sources() {
  case $1 in
    aws-v2-oldest) sources=(java/*.java java/aws-v2/*.java java/aws-v2-oldest/*.java) ;;
    aws-v2-*) sources=(java/*.java java/aws-v2/*.java java/aws-v2-newest/*.java) ;;
    hadoop-*) sources=(java/*.java java/hadoop/*.java) ;;
    *) sources=(java/*.java java/"$1"/*.java) ;;
  esac
}

# Compiles sources with the libraries of a folder into its steps.jar.
java_program() {
  local lib=$1 classes
  shift
  classes=$(dirname "$lib")/classes
  javac -encoding UTF-8 -nowarn -proc:none -Xlint:none -cp "$lib/*" -d "$classes" "$@" &&
    jar --create --file "$lib/steps.jar" -C "$classes" .
}

# A virtual environment with what one file of requirements names.
python_environment() {
  local environment=$1 requirements=$2
  is_stale "$environment" "$requirements" || return
  rm -rf "$environment"
  { python3 -m venv "$environment" && "$environment/bin/pip" install -q --disable-pip-version-check -r "$requirements"; } ||
    failed "$environment"
}

# A program in the version that its module fixes, into programs/target/bin.
go_program() {
  local program=programs/target/bin/$1
  is_stale "$program" "programs/$1/go.mod" "programs/$1/go.sum" || return
  (cd "programs/$1" && go build -o "../target/bin/$1" tool) || failed "$program"
}

for folder in "${folders[@]}"; do
  case $folder in
    java) has java javac mvn && java_clients java/*/pom.xml ;;
    java/*) has java javac mvn && java_clients "$folder/pom.xml" ;;
    pyarrow | barman) has python3 && python_environment "$folder/venv" "$folder/requirements.txt" ;;
    programs)
      has go || continue
      for module in programs/*/go.mod; do go_program "$(basename "$(dirname "$module")")"; done
      ;;
    python)
      has python3 || continue
      for requirements in python/*.txt; do
        python_environment "python/venv/$(basename "$requirements" .txt)" "$requirements"
      done
      ;;
    go)
      has go || continue
      is_stale go/target/programs go/go.mod go/go.sum go/*.go || continue
      (cd go && go build -o target/programs .) || failed go/target
      ;;
    rust)
      has cargo || continue
      (cd rust && cargo build -q --locked) || failed rust/target
      ;;
    javascript)
      is_stale javascript/node_modules javascript/package-lock.json || continue
      npm ci --silent --no-audit --no-fund --ignore-scripts --prefix javascript || failed javascript/node_modules
      ;;
    browser)
      command -v chromium-headless-shell >/dev/null || has chromium || continue
      is_stale browser/node_modules browser/package-lock.json || continue
      npm ci --silent --no-audit --no-fund --prefix browser || failed browser/node_modules
      ;;
    *)
      echo "no such folder: $folder" >&2
      exit 2
      ;;
  esac
done
exit 0
