#!/bin/sh
# Runs a MedVol-Spark command on a cluster by spark-submit, in client mode, with the jar ./medvol builds:
#   MASTER=spark://host:7077 deploy/spark-submit.sh grpo --shards s3a://lake/shards --model /models/qwen3-vl --run s3a://lake/runs/1
# Needs SPARK_HOME (Spark 4.1 or later, Scala 2.13) and MASTER; SPARK_SUBMIT_OPTS_EXTRA holds further options of spark-submit,
# SPARK_SECRET_FILE names a properties file with the cluster's spark.authenticate.secret, readable by its owner alone.
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

if [ -n "${SPARK_SECRET_FILE:-}" ]; then
  [ -f "$SPARK_SECRET_FILE" ] || fail "there is no $SPARK_SECRET_FILE; SPARK_SECRET_FILE must be a properties file with spark.authenticate.secret."
  [ -z "$(find -L "$SPARK_SECRET_FILE" \( -perm -040 -o -perm -004 \))" ] ||
    fail "$SPARK_SECRET_FILE can be read by others; run chmod 600 $SPARK_SECRET_FILE."
  # The file's settings are added to those of spark-defaults.conf; a secret on the command line would show in ps.
  set -- --properties-file "$SPARK_SECRET_FILE" --load-spark-defaults --conf spark.authenticate=true \
    --conf spark.network.crypto.enabled=true --conf spark.io.encryption.enabled=true \
    --class io.medvol.spark.cli.MedVol "$jar" "$@"
else
  set -- --class io.medvol.spark.cli.MedVol "$jar" "$@"
fi

# Java 24 and later ask for the first two; an older one passes over them.
options="--sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false -Dai.djl.offline=true -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1"
# Java reads names of files in the encoding of the locale.
[ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8

# shellcheck disable=SC2086  # the extra options are a list on purpose
exec "$SPARK_HOME/bin/spark-submit" \
  --master "$MASTER" \
  --deploy-mode client \
  --driver-memory "${DRIVER_MEMORY:-4g}" \
  --executor-memory "${EXECUTOR_MEMORY:-8g}" \
  --conf "spark.driver.extraJavaOptions=$options" \
  --conf "spark.executor.extraJavaOptions=$options" \
  ${SPARK_SUBMIT_OPTS_EXTRA:-} "$@"
