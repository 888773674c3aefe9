package io.medvol.data.phantom;

/** What grows in which organ of one phantom. */
record Lesion(PhantomAnatomy.Organ host, PhantomAnatomy.LesionKind kind) {
  int label() {
    return PhantomAnatomy.lesionLabel(host, kind);
  }
}
