#!/usr/bin/env bash
# comment_github.sh FILE: the file as the one comment of this target on the pull request. It is made once and changed
# from then on.
#
#   GITHUB_TOKEN              the workflow's token, with `pull-requests: write`
#   GITHUB_REPOSITORY         owner/name
#   GITHUB_API_URL            https://api.github.com
#   BIRDHOUSE_PULL_REQUEST    its number
#   BIRDHOUSE_TARGET          the target that was planned for
#   BIRDHOUSE_AUTHOR          whose comments may be changed (github-actions[bot])
#
# A pull request from a fork gets a token that may only read: then the plan stands in the run's summary alone.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/common.sh
source "$here/common.sh"

file=${1:?usage: comment_github.sh FILE}
request=$(number "${BIRDHOUSE_PULL_REQUEST:-}" BIRDHOUSE_PULL_REQUEST)
target=$(target_name "${BIRDHOUSE_TARGET:-}")
author=${BIRDHOUSE_AUTHOR:-github-actions[bot]}
api=${GITHUB_API_URL:-https://api.github.com}
if ! [[ ${GITHUB_REPOSITORY:-} =~ ^[A-Za-z0-9-]+/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$ ]]; then
    printf 'error: GITHUB_REPOSITORY is %q, where owner/name is expected\n' "${GITHUB_REPOSITORY:-}" >&2
    exit 2
fi
repository=$api/repos/$GITHUB_REPOSITORY
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# call METHOD URL [BODY]: the answer in $work/answer; prints the status. The token stands in a file, as other
# processes may read a command line.
call() {
    printf 'header = "Authorization: Bearer %s"\n' "${GITHUB_TOKEN:?}" >"$work/token"
    curl --silent --show-error --retry 3 --max-time 60 --config "$work/token" --request "$1" \
        --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
        ${3:+--header 'Content-Type: application/json' --data-binary "@$3"} \
        --output "$work/answer" --write-out '%{http_code}' "$2"
}

summary() { if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$file" >>"$GITHUB_STEP_SUMMARY"; fi; }

# The id of the comment that an earlier run made; empty when there is none.
find_comment() {
    local page=1 status
    while [ "$page" -le 50 ]; do
        status=$(call GET "$repository/issues/$request/comments?per_page=100&page=$page")
        if [ "$status" != 200 ]; then
            printf 'error: the comments cannot be read: the API answered with %s\n' "$status" >&2
            return 3
        fi
        jq --raw-output --arg mark "$(comment_mark "$target")" --arg author "$author" \
            'map(select(.user.login == $author and (.body | startswith($mark)))) | .[0].id // empty' "$work/answer" >"$work/id"
        if [ -s "$work/id" ] || [ "$(jq length "$work/answer")" -lt 100 ]; then
            cat "$work/id"
            return 0
        fi
        page=$((page + 1))
    done
}

summary
comment_body "$file" "$target" "$work/body"
jq --null-input --rawfile body "$work/body" '{body: $body}' >"$work/json"
id=$(find_comment)
if [ -n "$id" ]; then
    id=$(number "$id" "the comment's id")
    status=$(call PATCH "$repository/issues/comments/$id" "$work/json")
else
    status=$(call POST "$repository/issues/$request/comments" "$work/json")
fi
case $status in
200 | 201) ;;
403 | 404)
    # `404` is how the API refuses what a token must not see.
    printf 'note: this token may not write comments (%s): the plan stands in the summary of the run\n' "$status" >&2
    ;;
*)
    printf 'error: the comment cannot be written: the API answered with %s\n' "$status" >&2
    exit 3
    ;;
esac
