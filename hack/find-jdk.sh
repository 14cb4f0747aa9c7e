#!/usr/bin/env bash
# Prints the home of a JDK that builds Bellman. See usage below.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=hack/lib.sh
. "$here/lib.sh"

feature=25
jdks=$cache/jdk

usage() {
    cat << EOF
usage: hack/find-jdk.sh [--check]

Prints the home of a JDK $feature or newer, for JAVA_HOME:

    export JAVA_HOME=\$(hack/find-jdk.sh)

It is the first of: JAVA_HOME, the javac or java on PATH, and the oldest suitable one of /usr/lib/jvm, ~/.sdkman,
~/.jdks, macOS's own folder and the cache. Where there is none, Temurin $feature is put into the cache, or Debian's package
installed.

  --check   install nothing; exit 1 if no JDK is found
  --help    show this text

BELLMAN_CACHE (default \$XDG_CACHE_HOME/bellman or ~/.cache/bellman) holds the cache, now:
$jdks
EOF
}

# Sets $found to the feature version of the JDK in a folder; a JRE, or no Java at all, is none. The file `release` tells
# it without the 100 ms that a JVM takes to start.
version_of() {
    local line
    found=0
    [[ -n $1 && -x $1/bin/javac ]] || return 0
    if [[ -r $1/release ]]; then
        while read -r line; do
            [[ $line =~ ^JAVA_VERSION=\"?([0-9]+) ]] && found=${BASH_REMATCH[1]}
        done < "$1/release"
    fi
    if ((found == 0)); then
        line=$("$1/bin/javac" -version 2>&1) || return 0
        [[ $line =~ ^javac\ ([0-9]+) ]] && found=${BASH_REMATCH[1]}
    fi
    return 0
}

answer_if_suitable() {
    version_of "$1"
    ((found >= feature)) || return 0
    printf '%s\n' "$1"
    exit
}

# The home of a program on PATH, through Debian's alternatives and other links.
home_of() {
    local program
    program=$(command -v "$1") && program=$(readlink -f "$program") && printf '%s\n' "${program%/bin/*}"
}

search() {
    local dir best='' best_version=9999
    answer_if_suitable "${JAVA_HOME:-}"
    answer_if_suitable "$(home_of javac)"
    answer_if_suitable "$(home_of java)"
    for dir in /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$jdks"/* \
        {,"$HOME"}/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        version_of "$dir"
        if ((found >= feature && found < best_version)); then
            best=$dir
            best_version=$found
        fi
    done
    [[ -n $best ]] || return 0
    printf '%s\n' "$best"
    exit
}

download_temurin() {
    local arch url
    case $(uname -sm) in
        'Linux x86_64') arch=x64 ;;
        'Linux aarch64') arch=aarch64 ;;
        *) return 1 ;;
    esac
    has curl || return 1
    # The service answers with the archive's own address; its checksum lies beside it.
    url=https://api.adoptium.net/v3/binary/latest/$feature/ga/linux/$arch/jdk/hotspot/normal/eclipse
    if ! url=$(curl -fsS --connect-timeout 3 --max-time 20 -o /dev/null -w '%{redirect_url}' "$url" 2> /dev/null) \
        || [[ -z $url ]]; then
        say "api.adoptium.net does not answer"
        return 1
    fi
    long "download Temurin $feature" fetch "$url" "$work/jdk.tar.gz" || return 1
    fetch "$url.sha256.txt" "$work/sha256" || return 1
    if [[ $(digest 256 "$work/jdk.tar.gz") != "$(cut -d ' ' -f 1 "$work/sha256")" ]]; then
        say "the download does not match its published sha256"
        return 1
    fi
    mkdir "$work/jdk"
    long "unpack Temurin $feature" tar -xzf "$work/jdk.tar.gz" -C "$work/jdk" --strip-components=1 || return 1
    version_of "$work/jdk"
    ((found == feature)) || return 1
    rm -rf "$jdks/temurin-$feature"
    mv "$work/jdk" "$jdks/temurin-$feature"
}

apt_has() {
    apt-cache show "$1" > /dev/null 2>&1
}

install_debian() {
    local package=openjdk-$feature-jdk-headless
    [[ $(id -u) == 0 ]] && has apt-get || return 1
    if ! apt_has "$package"; then
        long "update the package lists" apt-get update -q || return 1
        apt_has "$package" || return 1
    fi
    long "install $package" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$package"
}

case ${1:-} in
    '' | --check) ;;
    -h | --help)
        usage
        exit
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

search
if [[ ${1:-} != --check ]]; then
    begin_work "$jdks"
    search
    if download_temurin || install_debian; then
        search
    fi
fi
die "no JDK $feature or newer found. Do one of these:
    - install one (https://adoptium.net, 'sdk install java 25-tem', 'brew install temurin@25',
      'apt-get install openjdk-25-jdk-headless'),
    - set JAVA_HOME to one that is somewhere else,
    - give this machine access to https://api.adoptium.net and run hack/find-jdk.sh."
