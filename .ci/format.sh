#!/usr/bin/env bash
# Sources are as clang-format leaves them; texts end in one line end and carry no trailing blanks.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard '*.cpp' '*.hpp' | xargs clang-format --dry-run --Werror
bad=$(git grep --untracked -nIE '[[:blank:]]+$' -- '*.cpp' '*.hpp' '*.txt' '*.sh' '*.py' '*.cmake' 'Makefile' ':!tests/golden' ':!tests/cli' ':!tests/usecases' || true)
if [ -n "$bad" ]; then
    printf 'format: blanks at the end of lines:\n%s\n' "$bad" >&2
    exit 1
fi
echo "format: clean"
