package io.medvol.data.phantom;

import io.medvol.data.dataset.DatasetFolder;
import io.medvol.data.dataset.FolderDescription;
import io.medvol.data.dataset.StructureQuery;
import io.medvol.data.nifti.NiftiWriter;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.Reorientation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes phantoms as a folder of NIfTI files, such as a hospital would hand over. */
public final class PhantomFolder {
  private PhantomFolder() {}

  /** Makes all phantoms of a configuration; {@code dataset.yaml} is committed last. */
  public static FolderDescription write(Storage storage, String folder, PhantomConfig config)
      throws IOException {
    PhantomGenerator generator = new PhantomGenerator(config);
    Map<String, List<StructureQuery>> caseQueries = new TreeMap<>();
    for (int index = 0; index < config.volumes(); index++) {
      Phantom phantom = generator.generate(index);
      write(storage, folder, phantom);
      if (!phantom.queries().isEmpty()) {
        caseQueries.put(phantom.caseId(), phantom.queries());
      }
    }
    FolderDescription description =
        new FolderDescription(
            "phantoms", PhantomAnatomy.labelNames(), PhantomQuestions.general(), caseQueries);
    storage.commit(
        Storage.join(folder, DatasetFolder.DESCRIPTION_FILE),
        description.yaml().getBytes(StandardCharsets.UTF_8));
    return description;
  }

  private static void write(Storage storage, String folder, Phantom phantom) throws IOException {
    Reorientation stored = Reorientation.of(phantom.ct().geometry(), phantom.stored());
    String file = phantom.caseId() + ".nii.gz";
    try (OutputStream out =
        storage.create(Storage.join(Storage.join(folder, DatasetFolder.IMAGES), file))) {
      NiftiWriter.writeInt16(out, stored.target(), stored.apply(values(phantom)));
    }
    short[] labels = stored.apply(values(phantom.labels()));
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    try (OutputStream out =
        storage.create(Storage.join(Storage.join(folder, DatasetFolder.LABELS), file))) {
      NiftiWriter.writeUint8(out, stored.target(), bytes);
    }
  }

  private static short[] values(Phantom phantom) {
    int pixels = phantom.ct().size().pixelsPerSlice();
    short[] values = new short[phantom.ct().size().voxels()];
    for (int slice = 0; slice < phantom.ct().size().slices(); slice++) {
      System.arraycopy(phantom.ct().slice(slice), 0, values, slice * pixels, pixels);
    }
    return values;
  }

  private static short[] values(LabelVolume labels) {
    int pixels = labels.size().pixelsPerSlice();
    short[] values = new short[labels.size().voxels()];
    for (int slice = 0; slice < labels.size().slices(); slice++) {
      System.arraycopy(labels.slice(slice), 0, values, slice * pixels, pixels);
    }
    return values;
  }
}
