#!/bin/sh
# Tells Spark which GPUs a machine has, as spark.worker.resource.gpu.discoveryScript (standalone) or
# spark.executor.resource.gpu.discoveryScript (YARN, Kubernetes): {"name": "gpu", "addresses": ["0","1"]}.
# MEDVOL_GPUS (such as "0 1") replaces what nvidia-smi says.
set -eu
gpus=${MEDVOL_GPUS-$(nvidia-smi --query-gpu=index --format=csv,noheader)}
addresses=""
for gpu in $gpus; do
  addresses="$addresses${addresses:+, }\"$gpu\""
done
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
