package io.medvol.data.nifti;

import io.medvol.data.volume.VolumeGeometry;
import java.util.List;

/**
 * What a NIfTI header says, checked.
 *
 * @param headerBytes 348 for NIfTI-1, 540 for NIfTI-2
 * @param dim rank and lengths of the axes as stored, eight values
 * @param slope scale of the stored values; 1 where the file states none
 * @param intercept offset after scaling; 0 where the file states no scale
 * @param voxelOffset bytes from the start of the (uncompressed) file to the first voxel
 * @param geometry of the file's own axes: columns are its fastest axis
 * @param affineSource where the affine comes from
 */
public record NiftiHeader(
    int headerBytes,
    boolean bigEndian,
    List<Long> dim,
    NiftiType type,
    double slope,
    double intercept,
    int qformCode,
    int sformCode,
    long voxelOffset,
    VolumeGeometry geometry,
    AffineSource affineSource) {
  /** Which part of the header places the voxels in the patient. */
  public enum AffineSource {
    SFORM,
    QFORM,
    /**
     * The file states no position: a grid centred on the world's origin, columns growing to the
     * patient's left, rows to the front, slices to the head (nibabel's choice).
     */
    NONE
  }

  public NiftiHeader {
    dim = List.copyOf(dim);
  }
}
