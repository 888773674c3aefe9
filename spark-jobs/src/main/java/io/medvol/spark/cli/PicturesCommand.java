package io.medvol.spark.cli;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.phantom.picture.PicturePhantomConfig;
import io.medvol.data.phantom.picture.PicturePhantomFolder;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen2Vl;
import io.medvol.rollout.task.ChoicePrompt;
import io.medvol.spark.hadoop.Storages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes pictures with multiple-choice questions. */
@Command(
    name = "pictures",
    mixinStandardHelpOptions = true,
    description =
        "Makes pictures with multiple-choice questions in the layout of OmniMedVQA, and a tiny"
            + " Qwen2-VL to train on them.",
    footer = {"", "Example: medvol pictures --output pictures --model tiny-qwen2-vl"})
final class PicturesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for pictures and questions; made if absent.")
  private String output;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder for a tiny Qwen2-VL that knows their words; none if absent.")
  private String model;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of pictures and weights: pictures.seed.")
  private Long seed;

  @Override
  public Integer call() throws IOException {
    PicturePhantomConfig pictures =
        config.load(seed == null ? List.of() : List.of("pictures.seed=" + seed)).value().pictures();
    if (model != null && Storages.isRemote(model)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "--model is " + model + "; name a folder on a local disk.");
    }
    String to = Storages.absolute(output);
    ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getOut());
    int questions = PicturePhantomFolder.write(Storages.here(to), to, pictures);
    progress.say(questions + " questions: " + to);
    if (model != null) {
      List<String> phrases = new ArrayList<>(ChoicePrompt.fixedTexts());
      phrases.addAll(PicturePhantomFolder.texts());
      TinyQwen2Vl.write(
          TinyPolicyConfig.forPictures(pictures.seed(), phrases),
          Path.of(Storages.absolute(model)));
      progress.say("Tiny Qwen2-VL: " + Storages.absolute(model));
    }
    return 0;
  }
}
