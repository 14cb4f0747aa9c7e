# shellcheck shell=bash disable=SC2034 # the variables are for the scripts that source this
# What the scripts here share: where downloads live, how progress is told, one run at a time.
# Standard output belongs to the answer of a script, so everything below speaks on standard error.

script=${0##*/}
cache=${BELLMAN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bellman}

say() {
    printf '%s: [%4ds] %s\n' "$script" "$SECONDS" "$*" >&2
}

die() {
    printf '%s: %s\n' "$script" "$*" >&2
    exit 1
}

has() {
    command -v "$1" > /dev/null 2>&1
}

# Runs a command that may take minutes. A person sees the seconds count; a log gets a line every 20 s, so that neither
# looks stuck. The command's own output goes to a file that is shown only if it fails.
long() {
    local what=$1 log pid began=$SECONDS next=20 code=0
    shift
    log=$(mktemp "$work/log.XXXXXX")
    say "$what"
    # Job control gives it a process group of its own, so that end_work reaches its children too.
    set -m
    "$@" > "$log" 2>&1 < /dev/null 9>&- &
    pid=$!
    set +m
    while kill -0 "$pid" 2> /dev/null; do
        if [[ -t 2 ]]; then
            printf '\r%s: [%4ds] %s' "$script" "$SECONDS" "$what" >&2
        elif ((SECONDS - began >= next)); then
            say "$what: still at it"
            next=$((next + 20))
        fi
        sleep 0.2
    done
    wait "$pid" || code=$?
    [[ -t 2 ]] && printf '\r\033[K' >&2
    if ((code)); then
        say "$what: failed after $((SECONDS - began)) s, its last lines:"
        tail -n 15 "$log" | sed 's/^/    /' >&2
        return 1
    fi
    say "$what: done in $((SECONDS - began)) s"
}

# Takes the lock that keeps two runs from doing the same work, and makes the folder $work on the same file system as the
# final names, so that a rename into place is atomic. What a killed run left behind goes with it.
begin_work() {
    local parent=$1
    mkdir -p "$parent"
    if has flock; then
        exec 9> "$parent/.lock"
        if ! flock -n 9; then
            say "waiting for another run that fills $parent"
            flock 9
        fi
        rm -rf "$parent"/.work.*
    fi
    work=$(mktemp -d "$parent/.work.XXXXXX")
    trap end_work EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

end_work() {
    local group
    for group in $(jobs -p); do
        kill -- "-$group" 2> /dev/null || true
    done
    rm -rf "$work"
}

# An unreachable host is given up on after 3 s: a machine without the internet has other ways to go on.
fetch() {
    curl -fsSL --connect-timeout 3 --speed-limit 1024 --speed-time 20 -o "$2" "$1"
}

digest() {
    if has "sha$1sum"; then
        "sha$1sum" "$2" | cut -d ' ' -f 1
    else
        shasum -a "$1" "$2" | cut -d ' ' -f 1
    fi
}
