#!/usr/bin/env bash
# Checks what the compiler does not: formatting, shell scripts' syntax, C programs' warnings.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet format whitespace SysGenId.sln --verify-no-changes --verbosity quiet
git ls-files '*.sh' .ci/run | while read -r script; do bash -n "$script"; done
git ls-files '*.c' | while read -r source; do gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only "$source"; done
