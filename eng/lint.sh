#!/usr/bin/env bash
# Checks what the compiler does not: formatting, syntax of shell scripts and Python, C programs' warnings.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet format whitespace SysGenId.sln --verify-no-changes --verbosity quiet
git ls-files '*.sh' .ci/run | while read -r script; do bash -n "$script"; done
git ls-files '*.c' | while read -r source; do gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only "$source"; done
if command -v python3 >/dev/null; then
  git ls-files '*.py' | while read -r source; do python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$source"; done
fi
