package io.medvol.rollout.prompt;

/**
 * Where prepared volumes come from. Thread-safe.
 *
 * <p>A volume that is absent or malformed gives a {@code MedVolException} that names it.
 */
public interface SliceSource {
  OpenVolume open(String volumeId);
}
