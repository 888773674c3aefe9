#!/bin/sh
# Runs a MedVol-Spark command on a cluster by spark-submit, in client mode, with the jar ./medvol builds:
#   MASTER=spark://host:7077 deploy/spark-submit.sh grpo --shards s3a://lake/shards --model /models/qwen3-vl --run s3a://lake/runs/1
# Needs SPARK_HOME (Spark 4.1 or later, Scala 2.13) and MASTER; SPARK_SUBMIT_OPTS_EXTRA holds further options of spark-submit.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
jar="$root/spark-jobs/target/medvol.jar"

fail() {
  echo "spark-submit.sh: $1" >&2
  exit 2
}

[ -n "${MASTER:-}" ] || fail "MASTER is not set; give the master URL, such as spark://host:7077, yarn or k8s://https://host:6443."
[ -n "${SPARK_HOME:-}" ] || fail "SPARK_HOME is not set; point it at a Spark installation (4.1 or later, Scala 2.13)."
[ -x "$SPARK_HOME/bin/spark-submit" ] || fail "there is no $SPARK_HOME/bin/spark-submit; SPARK_HOME must be a Spark installation."
[ -f "$jar" ] || fail "$jar is not built; run ./mvnw -DskipTests package in $root."

# shellcheck disable=SC2086  # the extra options are a list on purpose
exec "$SPARK_HOME/bin/spark-submit" \
  --master "$MASTER" \
  --deploy-mode client \
  --driver-memory "${DRIVER_MEMORY:-4g}" \
  --executor-memory "${EXECUTOR_MEMORY:-8g}" \
  --conf "spark.driver.extraJavaOptions=-Dai.djl.offline=true -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1" \
  --conf "spark.executor.extraJavaOptions=-Dai.djl.offline=true -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1" \
  ${SPARK_SUBMIT_OPTS_EXTRA:-} \
  --class io.medvol.spark.cli.MedVol \
  "$jar" "$@"
