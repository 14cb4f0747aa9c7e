#!/bin/sh
# aot-cache.sh [TARGET [JAVA_HOME]]: writes command.aot and daemon.aot, the loaded classes of a real run, which bin/bellman
# starts from. Needs a built application in TARGET, and writes for the Java that will read it. Whatever goes wrong here only
# costs speed, so it says so and is no failure.
set -u
cd "$(dirname "$0")/.." || exit 2
target=${1-target}
read -r built_by <target/java-home
java_home=${2-$built_by}
log=target/aot-cache.log

"$built_by/bin/java" hack/ModernClasses.java "$target"/quarkus-app/lib/main/info.picocli.picocli-*.jar >$log 2>&1 ||
  echo "aot-cache: picocli stays out of the cache, see $log" >&2

# rehearse KIND JAR OPTION...: with the options of bin/bellman, which the cache must fit
rehearse() {
  kind=$1
  jar=$target/quarkus-app/$2
  shift 2
  cache=$target/$kind.aot
  rm -f "$cache"
  "$java_home/bin/java" "$@" -XX:+UseCompactObjectHeaders -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow \
    "-XX:AOTCacheOutput=$cache" -cp "$jar" dev.bellman.cli.Rehearsal "$kind" gitops-examples target/rehearsal \
    >>$log 2>&1 || echo "aot-cache: a command of the rehearsal failed; see $log" >&2
  [ -s "$cache" ] || echo "aot-cache: $cache was not written, bellman starts slower; see $log" >&2
}

rehearse command commands.jar -XX:+UseParallelGC
# A port of its own: an agent may be running.
rehearse daemon quarkus-run.jar -XX:+UseSerialGC -Dquarkus.http.port=0
