package io.medvol.spark.job;

import io.medvol.data.example.ChoiceSample;
import io.medvol.data.shard.SampleSelection;

/** What the questions of an evaluation matrix are grouped by. */
public enum MatrixBy {
  MODALITY {
    @Override
    String group(ChoiceSample sample) {
      return sample.modality();
    }

    @Override
    SampleSelection only(SampleSelection samples, String group) {
      return samples.withModality(group);
    }
  },
  TYPE {
    @Override
    String group(ChoiceSample sample) {
      return sample.questionType();
    }

    @Override
    SampleSelection only(SampleSelection samples, String group) {
      return samples.withQuestionType(group);
    }
  };

  /** The group a question belongs to. */
  abstract String group(ChoiceSample sample);

  /** The samples of one group. */
  abstract SampleSelection only(SampleSelection samples, String group);
}
