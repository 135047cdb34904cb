#!/usr/bin/env bash
# Runs a folder of project folders through the program: tests/corpus/run.sh FOLDER [--errors FILE]
# Builds what it needs into build/release (CORPUS_BUILD names another folder, CORPUS_SANITIZE sanitizers such as
# address,undefined), then prints one line of JSON. Leaves with 1 when a file was not read, written or imported as it
# should be; which and why is said on standard error.
#
#   files                datafiles below FOLDER: .datasource, .pipe, .connection, .incl
#   parsed               of these: the tree holds every byte of the text, and either a model came of it or an error says
#                        why there is none. A file with reported errors counts; a .incl has no model of its own
#   stable               write(read(file)), read and written again, is the same text and the same model
#   model_equal          the project was imported (`init --from`, with and without --groups), datafiles were generated
#                        from the definitions, and the model of this file, read back from them, equals the first one.
#                        A file with errors stays a datafile; `generate` itself refuses a whole project for its sake.
#                        A file without a model has nothing to compare and counts; a .incl counts with its project
#   false_errors_listed  reported errors that tests/corpus/known_false.tsv lists as false
#   crashes              files whose reading ended in a signal, a sanitizer's report, an exception or not at all
#   seconds              for everything but the build
#   kept                 imported files that stay datafiles beside the definitions, which cannot say what they say
#   projects, classic    projects found, and how many of them were read by the rules of Classic
#   of_other_times       problems between files of a history (names that lead nowhere and the like), not counted further:
#                        such files never stood side by side
#   errors, warnings     what `check` without the engine reports; --errors FILE writes each error on a line: file:line:column code message
#                        --files FILE writes every file and the generation whose rules it was read by
#                        --forward and --classic tell the generation instead of finding it out
#   error_codes, warning_codes, kinds    the same by code, datafiles by kind
#
# A project is a folder above `datasources`, `pipes` and the like, at any depth. `top@0a1685b6.pipe` is the pipe `top` as
# some commit had it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${CORPUS_BUILD:-$root/build/release}
if [ -n "${CORPUS_SANITIZE:-}" ] && [ -z "${CORPUS_BUILD:-}" ]; then
    build=$root/build/corpus-sanitize
fi
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIRDHOUSE_TESTS=OFF \
    -DBIRDHOUSE_SANITIZE="${CORPUS_SANITIZE:-}" >/dev/null
cmake --build "$build" --target corpus_runner >&2
exec "$build/tests/corpus/corpus_runner" --known-false "$here/known_false.tsv" "$@"
