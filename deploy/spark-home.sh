#!/usr/bin/env bash
# Makes a Spark installation of the jars the build resolved, for trials and tests: deploy/spark-home.sh FOLDER
# It has jars/ of links and a bin/spark-submit that asks Spark's own launcher for the command to run; it needs SPARK_SCALA_VERSION=2.13.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
list="$root/spark-jobs/target/provided.classpath"
[ -f "$list" ] || { echo "spark-home.sh: $list is not there; run ./mvnw -DskipTests package in $root." >&2; exit 2; }
mkdir -p "$1/jars" "$1/bin"
{ tr ':' '\n' < "$list"; echo; } | while IFS= read -r jar; do
  [ -z "$jar" ] || ln -sf "$jar" "$1/jars/"
done
cat > "$1/bin/spark-submit" << 'SUBMIT'
#!/usr/bin/env bash
# The launcher prints an empty line, and the driver's command; both are made of words ended by a zero byte.
set -euo pipefail
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
words=()
while IFS= read -r -d '' word; do
  words+=("${word#$'\n'}")
done < <("$java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*" \
  org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
[ -n "${words[0]}" ] || words=("${words[@]:1}")
exec "${words[@]}"
SUBMIT
chmod +x "$1/bin/spark-submit"
