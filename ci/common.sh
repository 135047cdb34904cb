# What the scripts of this folder share: words from outside are held against a form before they are used, and never
# become code.

# one_of WORD ALLOWED...: the word, if it is one of those.
one_of() {
    local word=$1 allowed
    shift
    for allowed in "$@"; do
        if [ "$word" = "$allowed" ]; then
            printf '%s' "$word"
            return 0
        fi
    done
    printf 'error: %q is none of: %s\n' "$word" "$*" >&2
    return 1
}

# commit_or_nothing TEXT: a commit's id; a branch is not taken, as its name is anybody's to choose.
commit_or_nothing() {
    if [ -n "$1" ] && ! [[ $1 =~ ^[0-9a-f]{7,64}$ ]]; then
        printf 'error: %q is no id of a commit\n' "$1" >&2
        return 1
    fi
    printf '%s' "$1"
}

# number TEXT NAME
number() {
    if ! [[ $1 =~ ^[0-9]{1,18}$ ]]; then
        printf 'error: %s is %q, which is no number\n' "$2" "$1" >&2
        return 1
    fi
    printf '%s' "$1"
}

# The names of targets are written into commands and into the mark of the comment.
target_name() {
    if ! [[ $1 =~ ^[A-Za-z0-9_-]{0,64}$ ]]; then
        printf 'error: %q is no name of a target\n' "$1" >&2
        return 1
    fi
    printf '%s' "$1"
}

# The first line of the comment, by which the next run finds it again. It is not shown.
comment_mark() { printf '<!-- birdhouse: plan for %s -->' "${1:-the default target}"; }

# A comment that is too long is refused whole: GitHub takes 65536 characters, GitLab a million.
readonly COMMENT_BYTES=60000

# comment_body FILE TARGET OUT: the mark, then what the file holds, as far as there is room.
comment_body() {
    local file=$1 out=$3
    {
        comment_mark "$2"
        printf '\n'
        if [ "$(wc -c <"$file")" -le "$COMMENT_BYTES" ]; then
            cat "$file"
        else
            # Cut between lines, and close what may be open there.
            head -c "$COMMENT_BYTES" "$file" | sed '$d'
            printf '\n```\n</details>\n\n**The plan is longer than a comment may be: the log of this run holds all of it.**\n'
        fi
    } >"$out"
}
