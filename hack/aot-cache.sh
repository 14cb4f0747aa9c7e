#!/bin/sh
# Writes target/bellman.aot, the loaded classes of a real run, which bin/bellman starts from. Needs a built application
# and target/java-home. Whatever goes wrong here only costs speed, so it says so and is no failure.
set -u
cd "$(dirname "$0")/.." || exit 2
cache=target/bellman.aot
read -r java_home <target/java-home
rm -f "$cache"

"$java_home/bin/java" hack/ModernClasses.java target/quarkus-app/lib/main/info.picocli.picocli-*.jar 2>target/aot-cache.log ||
  echo "aot-cache: picocli stays out of the cache, see target/aot-cache.log" >&2
# With the options of bin/bellman, which the cache must fit.
"$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow \
  "-XX:AOTCacheOutput=$cache" -cp target/quarkus-app/commands.jar dev.bellman.cli.Rehearsal gitops-examples \
  >target/aot-cache.log 2>&1
[ -s "$cache" ] || echo "aot-cache: none was written, bellman starts slower; see target/aot-cache.log" >&2
