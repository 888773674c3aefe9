package io.medvol.data.volume;

import java.io.Serializable;

/**
 * Where the voxels of a volume lie in the patient: world = affine · (column, row, slice, 1), in
 * millimetres RAS+.
 */
public record VolumeGeometry(GridSize size, Affine affine) implements Serializable {}
