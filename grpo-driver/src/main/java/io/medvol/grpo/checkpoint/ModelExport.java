package io.medvol.grpo.checkpoint;

import io.medvol.rollout.trajectory.FloatVector;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a policy as a model directory that other tools open. Equal parameters give equal bytes.
 */
public interface ModelExport {
  /** Writes every file of the directory. */
  void write(FloatVector parameters, Files files) throws IOException;

  /** Where the files go; each stream is closed before the next is opened. */
  @FunctionalInterface
  interface Files {
    OutputStream create(String name) throws IOException;
  }
}
