#!/usr/bin/env bash
# comment_gitlab.sh FILE: the file as the one note of this target on the merge request. It is made once and changed
# from then on.
#
#   BIRDHOUSE_GITLAB_TOKEN     an access token of the project with the scope `api`: CI_JOB_TOKEN may not write notes
#   CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID    set by GitLab
#   BIRDHOUSE_TARGET           the target that was planned for
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/common.sh
source "$here/common.sh"

file=${1:?usage: comment_gitlab.sh FILE}
if [ -z "${BIRDHOUSE_GITLAB_TOKEN:-}" ]; then
    echo "note: there is no BIRDHOUSE_GITLAB_TOKEN: the plan stands in the log of this job alone" >&2
    exit 0
fi
project=$(number "${CI_PROJECT_ID:-}" CI_PROJECT_ID)
request=$(number "${CI_MERGE_REQUEST_IID:-}" CI_MERGE_REQUEST_IID)
target=$(target_name "${BIRDHOUSE_TARGET:-}")
notes=${CI_API_V4_URL:?}/projects/$project/merge_requests/$request/notes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# call METHOD URL [BODY]: the answer in $work/answer; prints the status. The token stands in a file, as other
# processes may read a command line.
call() {
    printf 'header = "PRIVATE-TOKEN: %s"\n' "$BIRDHOUSE_GITLAB_TOKEN" >"$work/token"
    curl --silent --show-error --retry 3 --max-time 60 --config "$work/token" --request "$1" \
        ${3:+--header 'Content-Type: application/json' --data-binary "@$3"} \
        --output "$work/answer" --write-out '%{http_code}' "$2"
}

checked() {
    case $1 in
    200 | 201) ;;
    *)
        printf 'error: %s: the API answered with %s\n' "$2" "$1" >&2
        exit 3
        ;;
    esac
}

# Whose notes the token may change: somebody else may write the same first line.
checked "$(call GET "${CI_API_V4_URL}/user")" "the token's own user cannot be read"
me=$(number "$(jq .id "$work/answer")" "the user's id")

id=
for ((page = 1; page <= 50; page++)); do
    checked "$(call GET "$notes?per_page=100&page=$page")" "the notes cannot be read"
    id=$(jq --arg mark "$(comment_mark "$target")" --argjson me "$me" \
        'map(select(.author.id == $me and (.body | startswith($mark)))) | .[0].id // empty' "$work/answer")
    if [ -n "$id" ] || [ "$(jq length "$work/answer")" -lt 100 ]; then
        break
    fi
done
comment_body "$file" "$target" "$work/body"
jq --null-input --rawfile body "$work/body" '{body: $body}' >"$work/json"
if [ -n "$id" ]; then
    id=$(number "$id" "the note's id")
    checked "$(call PUT "$notes/$id" "$work/json")" "the note cannot be changed"
else
    checked "$(call POST "$notes" "$work/json")" "the note cannot be written"
fi
