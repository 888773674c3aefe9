package io.medvol.data.dataset;

import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.GroundTruthBoxes;
import io.medvol.data.example.KeySlice;
import io.medvol.data.example.SliceSampler;
import io.medvol.data.example.VrsSample;
import io.medvol.data.nifti.NiftiImage;
import io.medvol.data.nifti.NiftiReader;
import io.medvol.data.shard.ShardEntry;
import io.medvol.data.shard.SliceShardWriter;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.HounsfieldRange;
import io.medvol.data.volume.HounsfieldRange.Certainty;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.PixelBox;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Prepares one case: reads it, brings it to canonical axes, writes its shard, and draws the
 * evidence of its questions. A bad file gives a {@link RejectedVolume}; an output that cannot be
 * written throws. Preparing a case again writes the same bytes to the same place; other bytes go to
 * another place. Thread-safe.
 */
public final class VolumePreparer {
  private final Storage input;
  private final SliceShardWriter shards;
  private final PrepareConfig config;
  private final NiftiReader reader = new NiftiReader();

  /**
   * @param input where the cases lie
   * @param output where the shards go
   * @param folder root of the prepared data set
   */
  public VolumePreparer(Storage input, Storage output, String folder, PrepareConfig config) {
    this.input = Objects.requireNonNull(input, "input");
    this.shards = new SliceShardWriter(output, folder);
    this.config = Objects.requireNonNull(config, "config");
  }

  /**
   * @throws MedVolException (RESOURCE) if the shard cannot be written
   */
  public PreparationResult prepare(DatasetCase scan) throws IOException {
    Scan read;
    try {
      read = read(scan);
    } catch (MalformedVolumeException e) {
      return new RejectedVolume(scan.id(), Kind.of(e.kind()), e.getMessage());
    } catch (MedVolException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      return new RejectedVolume(scan.id(), Kind.UNREADABLE, e.getMessage());
    } catch (IOException e) {
      return new RejectedVolume(
          scan.id(), Kind.UNREADABLE, scan.imagePath() + ": reading failed: " + e.getMessage());
    }
    String volumeId = Pseudonym.of(config.requireSalt(), scan.id());
    ShardEntry shard = shards.write(volumeId, read.volume(), Optional.of(read.labels()));
    return ask(scan, volumeId, shard, read);
  }

  private record Scan(CtVolume volume, LabelVolume labels, List<CaseWarning> warnings) {}

  private Scan read(DatasetCase scan) throws IOException {
    List<CaseWarning> warnings = new ArrayList<>();
    CtVolume volume = image(scan.imagePath()).toCtVolume();
    requireUsable(scan.imagePath(), volume.size());
    HounsfieldRange.of(volume)
        .doubt()
        .ifPresent(doubt -> warnings.add(accepted(scan.imagePath(), doubt)));
    LabelVolume labels = image(scan.labelPath()).toLabelVolume();
    volume
        .geometry()
        .requireMatch(scan.imagePath(), scan.labelPath(), labels.geometry())
        .ifPresent(offset -> warnings.add(new CaseWarning(Kind.MISMATCH, offset)));
    return new Scan(volume, labels.on(volume.geometry()), warnings);
  }

  private static void requireUsable(String path, GridSize size) {
    if (size.voxels() > SliceShardWriter.MAX_VOXELS) {
      throw new MalformedVolumeException(
          MalformedVolumeException.Kind.UNSUPPORTED,
          path,
          "it has %d voxels; a shard holds up to %d"
              .formatted(size.voxels(), SliceShardWriter.MAX_VOXELS));
    }
    if (size.narrow()) {
      throw new MalformedVolumeException(
          MalformedVolumeException.Kind.UNSUPPORTED,
          path,
          "its slices of %dx%d pixels are too narrow to be shown: one side may be at most %d times"
                  .formatted(size.rows(), size.columns(), GridSize.MAX_ASPECT)
              + " the other");
    }
  }

  private CaseWarning accepted(String path, HounsfieldRange.Doubt doubt) {
    if (doubt.certainty() == Certainty.CERTAIN
        && config.implausibleValues() == ImplausibleValues.REJECT) {
      throw new MalformedVolumeException(
          MalformedVolumeException.Kind.VALUES,
          path,
          doubt.sentence()
              + ". Give the scan in Hounsfield units, or take it as it is with"
              + " prepare.implausible-values=warn");
    }
    return new CaseWarning(Kind.VALUES, path + ": " + doubt.sentence() + ".");
  }

  private NiftiImage image(String path) throws IOException {
    try (InputStream in = input.open(path)) {
      return reader.read(path, in);
    }
  }

  private PreparedVolume ask(DatasetCase scan, String volumeId, ShardEntry shard, Scan read) {
    LabelVolume labels = read.labels();
    List<Integer> shown = SliceSampler.uniform(labels.size().slices(), config.shownSlices());
    List<VrsSample> samples = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    List<String> unshown = new ArrayList<>();
    for (StructureQuery query : scan.queries()) {
      BinaryMask target = labels.mask(query.labels());
      int[] areas = new int[labels.size().slices()];
      for (int slice = 0; slice < areas.length; slice++) {
        areas[slice] = target.area(slice);
      }
      OptionalInt key = KeySlice.choose(areas, shown);
      boolean isAbsent = target.count() == 0;
      if (isAbsent) {
        absent.add(query.target());
      } else if (key.isEmpty()) {
        // A structure between the shown slices is there: asking would reward a wrong denial.
        unshown.add(query.target());
      }
      if (key.isPresent() || (isAbsent && config.absentTargets() == AbsentTargets.KEEP)) {
        samples.addAll(samples(volumeId, query, shown, key, target));
      }
    }
    return new PreparedVolume(
        scan.id(),
        shard,
        samples,
        ScanFindings.of(labels.geometry(), labels.present(), absent, unshown, read.warnings()));
  }

  private static List<VrsSample> samples(
      String volumeId,
      StructureQuery query,
      List<Integer> shown,
      OptionalInt key,
      BinaryMask target) {
    List<PixelBox> boxes =
        key.isPresent() ? GroundTruthBoxes.of(target, key.getAsInt(), query.boxRule()) : List.of();
    return query.questions().stream()
        .map(
            question ->
                new VrsSample(
                    Pseudonym.sampleId(volumeId, query, question),
                    volumeId,
                    question,
                    query.target(),
                    query.labels(),
                    query.boxRule(),
                    shown,
                    key.isPresent() ? key.getAsInt() : null,
                    boxes))
        .toList();
  }
}
