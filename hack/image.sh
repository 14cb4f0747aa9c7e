#!/usr/bin/env bash
# Builds the images of the operator and the agent. See usage below.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

tree=target/image
base=
tag=
tool=
registry=

usage() {
    cat << EOF
usage: hack/image.sh [--tool TOOL] [--tag TAG] [--registry REGISTRY] [--base IMAGE]

Builds the images bellman (operator and command line) and bellman-agent out of what \`make build\` built, then runs
the programs in them. The images are for this machine's processor.

  --tool TOOL      buildah, podman or docker; default: the first of them that works. buildah needs no daemon, and is a
                   package of Debian's
  --tag TAG        default: Bellman's version
  --registry REG   is put before the names, such as registry.example.org/network; push them yourself
  --base IMAGE     in place of debian:bookworm-slim: any Debian 12. \`debootstrap\` makes one out of Debian's packages with
                   mmdebstrap, for machines that reach no registry of images (buildah only)
  --help           show this text
EOF
}

while (($#)); do
    case $1 in
        --tool | --tag | --registry | --base)
            (($# > 1)) || { usage >&2; exit 2; }
            printf -v "${1#--}" %s "$2"
            shift 2
            ;;
        --help | -h) usage; exit ;;
        *) usage >&2; exit 2 ;;
    esac
done

find_tool() {
    local one
    for one in ${tool:-buildah podman docker}; do
        if has "$one" && "$one" info > /dev/null 2>&1; then
            tool=$one
            return
        fi
    done
    die "${tool:-none of buildah, podman and docker} works here: install the package buildah, which needs no daemon"
}

# The tree has the layout of a checkout, so that bin/bellman is the same one; only its Java is another.
assemble() {
    local java_home
    read -r java_home < target/java-home
    rm -rf "$tree"
    mkdir -p "$tree/opt/bellman/bin" "$tree/opt/bellman/target"
    # All of the standard library, but none of what serves to develop.
    "$java_home/bin/jlink" --output "$tree/opt/bellman/java" --strip-java-debug-attributes --no-header-files --no-man-pages \
        --add-modules java.se,jdk.crypto.cryptoki,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs
    cp bin/bellman "$tree/opt/bellman/bin/"
    cp -R --preserve=timestamps target/quarkus-app "$tree/opt/bellman/target/"
    echo /opt/bellman/java > "$tree/opt/bellman/target/java-home"
    cp LICENSE "$tree/opt/bellman/"
    train
    chmod -R go=u-w "$tree/opt"
}

# The cache of loaded classes has to be written by the Java that will read it. Without it, all is the same but slower.
train() {
    local bellman=$PWD/$tree/opt/bellman
    hack/aot-cache.sh "$bellman/target" "$bellman/java"
}

debootstrap_base() {
    local container
    mmdebstrap --variant=minbase --mode=root bookworm "$work/base.tar"
    container=$(buildah from scratch)
    buildah add "$container" "$work/base.tar" / > /dev/null
    buildah commit --rm "$container" "$1"
}

# build FILE NAME ARGUMENT...
build() {
    local file=$1 name=$2
    shift 2
    case $tool in
        # As root without a container runtime, in a chroot; networks and rights are those of the machine.
        buildah) buildah build --isolation chroot --layers=false "$@" --tag "$name" --file "$file" "$tree" ;;
        *) "$tool" build "$@" --tag "$name" --file "$file" "$tree" ;;
    esac
}

# run_in IMAGE COMMAND...: without the image's own entry point
run_in() {
    local image=$1 container code=0
    shift
    if [[ $tool == buildah ]]; then
        container=$(buildah from --pull-never "$image")
        buildah run --isolation chroot "$container" -- "$@" || code=$?
        buildah rm "$container" > /dev/null
        return "$code"
    fi
    "$tool" run --rm --entrypoint "$1" "$image" "${@:2}"
}

# Not that the programs are there, but that they run.
check() {
    run_in "$operator_image" bellman --version
    run_in "$operator_image" sh -c '[ "$(id -u)" = 65532 ] && bellman lint --help'
    run_in "$agent_image" sh -c 'set -e
        tini --version; bird --version; iptables-restore --version; ip6tables-save --version; nft --version; conntrack --version
        /opt/iptables-legacy/iptables-save --version; bellman agent --help'
}

[[ -r target/quarkus-app/quarkus-run.jar && -r target/java-home ]] || die "not built yet: run make build"
find_tool
begin_work "$cache/image"
long "put the tree together" assemble
[[ -n $tag ]] || tag=$(JAVA_HOME=$PWD/$tree/opt/bellman/java "$tree/opt/bellman/bin/bellman" --version | sed 's/^[^0-9]*//; s/-SNAPSHOT$//; q')
operator_image=${registry:+$registry/}bellman:$tag
agent_image=${registry:+$registry/}bellman-agent:$tag
if [[ $base == debootstrap ]]; then
    [[ $tool == buildah ]] || die "--base debootstrap takes buildah"
    has mmdebstrap || die "--base debootstrap takes mmdebstrap: install the package"
    base=localhost/bellman-base:bookworm
    long "make a base out of Debian's packages" debootstrap_base "$base"
fi
long "build $operator_image with $tool" build images/Containerfile "$operator_image" ${base:+--build-arg "BASE=$base"}
long "build $agent_image with $tool" build images/agent.Containerfile "$agent_image" --build-arg "BELLMAN=$operator_image"
long "run what is in them" check
printf '%s\n' "$operator_image" "$agent_image"
