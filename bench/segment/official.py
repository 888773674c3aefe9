"""Prepares a volume, anchors and weights for a side-by-side run, and times the official MedSAM2 predictor on them.

    MEDSAM2_SOURCE=<checkout of bowang-lab/MedSAM2> GOLDEN_MAKE=<folder with reference.py> python official.py DIR --profile tiny

Leaves in DIR what io.medvol.bench.segment.SegmentGroup reads: config.json, model.safetensors, volume.raw, volume.json, and
official-N.mask for each anchor that was run. Prints one line of JSON.
"""

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

MAKE = Path(os.environ["GOLDEN_MAKE"])
sys.path.insert(0, str(MAKE))
import reference  # noqa: E402
import synthetic  # noqa: E402
import weights  # noqa: E402
from make_sam2 import GAINS, propagate  # noqa: E402
from sam2_config import tiny_config  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profile", choices=("tiny", "full"), required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--slices", type=int, default=24)
    parser.add_argument("--anchors", type=int, default=8)
    parser.add_argument("--run", type=int, default=8, help="anchors the official predictor is run for; 0 only prepares")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    reference.import_official()
    tiny = options.profile == "tiny"
    config = tiny_config(**json.loads((MAKE / "tiny_plan.json").read_text())["model"]) if tiny else reference.official_config()
    state = weights.build(weights.manifest(reference.shapes(config), GAINS), options.seed)
    side = config["image_size"]
    raw = synthetic.slices(options.seed, options.slices, side, side)
    keys = [1 + (options.slices - 2) * i // max(options.anchors - 1, 1) for i in range(options.anchors)]
    keys[0] = options.slices // 2
    anchors = [{"slice": key, "box": synthetic.lesion_box(options.slices, side, side, key)} for key in keys]

    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    save_file(state, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    raw.tofile(folder / "volume.raw")
    shape = {"slices": options.slices, "rows": side, "columns": side, "anchors": anchors}
    (folder / "volume.json").write_text(json.dumps(shape))

    model = reference.build_predictor(config, state)
    model.fill_hole_area = 0
    images = torch.from_numpy(synthetic.normalise(synthetic.resize(raw, side)))
    runs = []
    for index, anchor in enumerate(anchors[: options.run]):
        wall, cpu = time.perf_counter(), time.process_time()
        tensors, _ = propagate(model, images, (side, side), [anchor])
        runs.append((time.perf_counter() - wall, time.process_time() - cpu))
        tensors["masks"].tofile(folder / f"official-{index}.mask")
    print(
        json.dumps(
            {
                "profile": options.profile,
                "threads": options.threads,
                "anchors": len(runs),
                "wall_s": [round(wall, 3) for wall, _ in runs],
                "cpu_s": [round(cpu, 3) for _, cpu in runs],
                "group": {"wall_s": round(sum(w for w, _ in runs), 3), "cpu_s": round(sum(c for _, c in runs), 3)},
                "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
