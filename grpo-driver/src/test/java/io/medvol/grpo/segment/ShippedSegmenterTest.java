package io.medvol.grpo.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.phantom.PhantomConfig;
import io.medvol.model.sam2.MedSam2Propagator;
import io.medvol.model.sam2.MedSam2Settings;
import io.medvol.model.sam2.SegmenterBundle;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedSegmenterTest {
  @Test
  void theShippedSegmenterFindsOrgansOfPhantomsItHasNotSeen() {
    SegmenterMeasurementConfig config =
        new SegmenterMeasurementConfig(
            new PhantomConfig(1, 880_001, 12, 40, 40, 0.08, 25, 1),
            new PhantomConfig(1, 880_002, 16, 64, 64, 0.08, 25, 1),
            List.of(0.0),
            1);
    try (MedSam2Propagator segmenter = SegmenterBundle.shipped(MedSam2Settings.DEFAULT)) {
      MeasurementReport report = new SegmenterMeasurement(config).measure(segmenter, done -> {});

      assertThat(report.organDice()).isGreaterThan(0.8);
    }
  }
}
