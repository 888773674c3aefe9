package io.medvol.data.phantom;

import io.medvol.data.dataset.StructureQuery;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.Orientation;
import java.util.List;

/**
 * One synthetic abdomen in canonical axes.
 *
 * @param caseId name of its files
 * @param stored axes in which its files hold it
 * @param queries what is true of this volume only
 */
public record Phantom(
    String caseId,
    CtVolume ct,
    LabelVolume labels,
    Orientation stored,
    List<StructureQuery> queries) {
  public Phantom {
    queries = List.copyOf(queries);
  }
}
