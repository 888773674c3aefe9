package io.medvol.data.omnimedvqa;

import io.medvol.data.dataset.PreparationResult;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.dataset.PreparedPicture;
import io.medvol.data.dataset.Pseudonym;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.picture.MalformedPictureException;
import io.medvol.data.picture.Picture;
import io.medvol.data.picture.PictureDecoder;
import io.medvol.data.shard.ShardEntry;
import io.medvol.data.shard.SliceShardWriter;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Prepares one picture: decodes it, writes its shard, and lists its questions. A bad file gives a
 * {@link RejectedVolume}; an output that cannot be written throws. Thread-safe.
 */
public final class PicturePreparer {
  private final Storage input;
  private final SliceShardWriter shards;
  private final PrepareConfig config;

  /**
   * @param input where the pictures lie
   * @param output where the shards go
   * @param folder root of the prepared data set
   */
  public PicturePreparer(Storage input, Storage output, String folder, PrepareConfig config) {
    this.input = Objects.requireNonNull(input, "input");
    this.shards = new SliceShardWriter(output, folder);
    this.config = Objects.requireNonNull(config, "config");
  }

  public PreparationResult prepare(PictureCase pictured) throws IOException {
    Picture picture;
    try {
      if (!input.exists(pictured.path())) {
        return rejected(pictured, Kind.NO_IMAGE, pictured.path() + ": there is no such picture.");
      }
      picture =
          PictureDecoder.decode(
              pictured.path(), input.readAll(pictured.path(), PictureDecoder.MAX_BYTES));
    } catch (MalformedPictureException e) {
      return rejected(pictured, Kind.FORMAT, e.getMessage());
    } catch (MedVolException e) {
      if (e.code() == ErrorCode.INVALID_INPUT || e.code() == ErrorCode.MALFORMED_DATA) {
        return rejected(pictured, Kind.UNREADABLE, e.getMessage());
      }
      throw e;
    } catch (IOException e) {
      return rejected(
          pictured, Kind.UNREADABLE, pictured.path() + ": reading failed: " + e.getMessage());
    }
    CtVolume volume = picture.toVolume();
    if (volume.size().narrow()) {
      return rejected(
          pictured,
          Kind.UNSUPPORTED,
          "%s: a picture of %dx%d pixels is too narrow: one side may be at most %d times the other."
              .formatted(pictured.path(), picture.rows(), picture.columns(), GridSize.MAX_ASPECT));
    }
    String imageId = Pseudonym.of(config.requireSalt(), pictured.id());
    ShardEntry shard = shards.write(imageId, volume, Optional.empty());
    List<ChoiceSample> samples =
        pictured.rows().stream().map(row -> sample(config.requireSalt(), imageId, row)).toList();
    return new PreparedPicture(pictured.id(), shard, samples);
  }

  private static RejectedVolume rejected(PictureCase pictured, Kind kind, String reason) {
    return new RejectedVolume(pictured.id(), kind, reason);
  }

  private static ChoiceSample sample(String salt, String imageId, QaRow row) {
    return new ChoiceSample(
        Pseudonym.questionId(salt, imageId, row.questionId()),
        imageId,
        row.question(),
        row.options(),
        row.answer(),
        row.modality(),
        row.questionType());
  }
}
