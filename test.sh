#!/usr/bin/env bash
# Builds everything and runs all tests.
#
#   ./test.sh [NAME ...]      only test projects whose name contains one of the words
#
# Needs the .NET 10 SDK. As root on Debian it installs what else it needs (and says so) and runs
# containers with CRIU; elsewhere those tests are skipped, with the reason. Tests with virtual machines unpack QEMU and a
# kernel of Debian's, on x86-64, and need no /dev/kvm. Tests with a cluster use the
# one of SYSGENID_TEST_KUBECONFIG, else the API server program SYSGENID_TEST_APISERVER (by default
# /opt/test-cluster/test-apiserver where that is), else K3s where Docker is. Ends with a line
# 'N passed, N failed', and fails if a test failed. SYSGENID_TESTS_NO_SKIP=1 makes a skip a failure.
set -euo pipefail
cd "$(dirname "$0")"
results=$PWD/artifacts/test-results
mkdir -p "$results"
rm -f "$results"/*

eng/install-test-tools.sh
if command -v apt-get >/dev/null; then
  tools=$(eng/checkpoint-tools.sh) || echo "CRIU could not be had: tests with containers are skipped." >&2
  export PATH=${tools:+$tools:}$PATH
  eng/vm-tools.sh >/dev/null || echo "QEMU could not be had: tests with virtual machines are skipped." >&2
fi
eng/chart-tools.sh >/dev/null || echo "helm could not be had: tests of the chart are skipped." >&2

echo "Building"
dotnet build SysGenId.sln --nologo --verbosity quiet
eng/publish.sh artifacts/publish 2>artifacts/publish.log || { cat artifacts/publish.log >&2; exit 1; }
export SYSGENID_PUBLISH_DIR=$PWD/artifacts/publish

wanted() {
  [ $# -eq 1 ] && return 0
  local word
  for word in "${@:2}"; do case $1 in *"$word"*) return 0 ;; esac; done
  return 1
}

failed_projects=()
for project in tests/*.Tests; do
  name=$(basename "$project")
  wanted "$name" "$@" || continue
  echo
  echo "== $name"
  "artifacts/bin/$name/debug/$name" -noLogo -noColor -result-xml "$results/$name.xml" || failed_projects+=("$name")
  # A process that dies writes no result, and must not pass for one that had no tests.
  [ -s "$results/$name.xml" ] || echo "$name ended without a result" >&2
done

echo
sum() { cat "$results"/*.xml 2>/dev/null | grep -o "<assembly [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'; }
skips=$(sum skipped)
if [ "$skips" -gt 0 ]; then
  echo "Skipped:"
  cat "$results"/*.xml | grep -A2 'result="Skip"' | sed -n 's/.* name="\([^"]*\)".*/  \1/p; s/.*<reason>\(<!\[CDATA\[\)\{0,1\}\([^]<]*\).*/      \2/p'
fi
failed=$(($(sum failed) + $(sum errors)))
for name in "${failed_projects[@]}"; do [ -s "$results/$name.xml" ] || failed=$((failed + 1)); done
echo "$(sum passed) passed, $failed failed$([ "$skips" -eq 0 ] || echo ", $skips skipped")"
[ ${#failed_projects[@]} -eq 0 ] && [ "$failed" -eq 0 ]
