#!/usr/bin/env bash
# Builds and runs a sample.
#
#   run.sh NAME LANGUAGE [ARGUMENTS]
#
# NAME      watchdog, event-loop, critical-section, orchestrator or aspnet
# LANGUAGE  csharp (needs the .NET 10 SDK), c (needs gcc) or python (needs Python 3.11)
#
# The samples use the directory SYSGENID_DIR, by default /run/sysgenid as in a pod; samples/start-node.sh makes
# one on a machine without a node. SYSGENID_SAMPLES_BUILT=1: the solution is built, leave its programs as they are.
set -euo pipefail
samples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$samples")

usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
missing() { echo "run.sh: there is no $name in $language; see samples/README.md." >&2; exit 2; }

[ $# -ge 2 ] || usage
name=$1 language=$2
shift 2
case $language in
  csharp)
    project=$(find "$samples/$name" -maxdepth 1 -name '*.csproj' 2>/dev/null)
    [ -n "$project" ] || missing
    [ -n "${SYSGENID_SAMPLES_BUILT:-}" ] || dotnet build "$project" --nologo --verbosity quiet >&2
    assembly=$(basename "$project" .csproj)
    exec "$root/artifacts/bin/$assembly/debug/$assembly" "$@"
    ;;
  c)
    source=$samples/$name/$name.c
    [ -f "$source" ] || missing
    mkdir -p "$root/artifacts/samples"
    program=$root/artifacts/samples/$name
    # Under another name first: the sample may be running.
    gcc -std=gnu11 -O2 -Wall -Wextra -pthread -o "$program.$$" "$source"
    mv "$program.$$" "$program"
    exec "$program" "$@"
    ;;
  python)
    source=$samples/$name/${name//-/_}.py
    [ -f "$source" ] || missing
    exec python3 "$source" "$@"
    ;;
  *) usage ;;
esac
