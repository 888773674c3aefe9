package io.medvol.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.FloatCodec;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import io.medvol.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of a reference model or adapter that is changed into one that another tool wrote. */
public record HubFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the files of a folder. */
  public static HubFolder copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
        to.resolve(file.getFileName()).toFile().setWritable(true);
      }
    }
    return new HubFolder(to);
  }

  /** A copy of the first reference model of a type. */
  public static HubFolder copy(String modelType, Path to) throws IOException {
    return copy(Golden.models(modelType).get(0), to);
  }

  public HubFolder json(String file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode json = (ObjectNode) Golden.json(path.resolve(file));
    change.accept(json);
    return text(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
  }

  public HubFolder text(String file, String content) throws IOException {
    Files.writeString(path.resolve(file), content);
    return this;
  }

  public HubFolder delete(String file) throws IOException {
    Files.delete(path.resolve(file));
    return this;
  }

  /** What transformers 5 writes for the same model. */
  public HubFolder configOfTransformers5() throws IOException {
    Files.move(
        path.resolve("config.transformers5.json"),
        path.resolve("config.json"),
        StandardCopyOption.REPLACE_EXISTING);
    return this;
  }

  /** Gives tensors other names. */
  public HubFolder renamed(String file, UnaryOperator<String> name) throws IOException {
    return rewrite(
        file,
        tensor ->
            new Tensor(name.apply(tensor.name()), tensor.type(), tensor.shape(), tensor.content()));
  }

  /** Leaves tensors out. */
  public HubFolder without(String file, Predicate<String> name) throws IOException {
    return rewrite(file, tensor -> name.test(tensor.name()) ? null : tensor);
  }

  /** Stores float32 values in another type of real numbers. */
  public HubFolder typed(String file, DType type) throws IOException {
    return rewrite(file, tensor -> typed(tensor, type));
  }

  private static Tensor typed(Tensor tensor, DType type) {
    return new Tensor(
        tensor.name(),
        type,
        tensor.shape(),
        out -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          tensor.content().writeTo(bytes);
          ByteBuffer from = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
          int count = bytes.size() / Float.BYTES;
          ByteBuffer to = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
          for (int i = 0; i < count; i++) {
            FloatCodec.put(to, i, type, from.getFloat(Float.BYTES * i));
          }
          out.write(to.array());
        });
  }

  /** Changes every tensor of a file, or leaves it out where the change gives null. */
  public HubFolder rewrite(String file, UnaryOperator<Tensor> change) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    try (WeightFiles weights = WeightFiles.open(List.of(path.resolve(file)))) {
      for (String name : weights.names()) {
        TensorEntry entry = weights.entry(name);
        byte[] bytes = new byte[Math.toIntExact(entry.bytes())];
        weights.read(name, 0, ByteBuffer.wrap(bytes));
        Tensor changed =
            change.apply(new Tensor(name, entry.type(), entry.shape(), out -> out.write(bytes)));
        if (changed != null) {
          tensors.add(changed);
        }
      }
    }
    try (OutputStream out = Files.newOutputStream(path.resolve(file))) {
      SafetensorsWriter.write(tensors, out);
    }
    return this;
  }
}
