package io.medvol.model.pickle;

import io.medvol.model.tensor.DType;
import java.util.List;

/** Values a pickle makes beside numbers, strings, lists and dictionaries. */
sealed interface PickleValue {
  /** {@code None}. */
  enum None implements PickleValue {
    NONE
  }

  /** Something of no use here, such as bytes or a set. */
  enum Ignored implements PickleValue {
    IGNORED
  }

  record Tuple(List<Object> items) implements PickleValue {}

  /** The elements of one or more tensors; the values lie beside the pickle. */
  record Storage(DType type, String key, long elements) implements PickleValue {}

  /** A name the pickle mentions; only these exist. */
  enum Global implements PickleValue {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER,
    SIZE,
    ENCODE,
    SET,
    STORAGE_F64(DType.F64),
    STORAGE_F32(DType.F32),
    STORAGE_F16(DType.F16),
    STORAGE_BF16(DType.BF16),
    STORAGE_I64(DType.I64),
    STORAGE_I32(DType.I32),
    STORAGE_I16(DType.I16),
    STORAGE_I8(DType.I8),
    STORAGE_U8(DType.U8),
    STORAGE_BOOL(DType.BOOL);

    private final DType type;

    Global() {
      this(null);
    }

    Global(DType type) {
      this.type = type;
    }

    /** Element type of a storage class, null for other names. */
    DType type() {
      return type;
    }

    static Global named(String module, String name) throws PickleException {
      return switch (module + "." + name) {
        case "collections.OrderedDict" -> ORDERED_DICT;
        case "torch._utils._rebuild_tensor_v2" -> REBUILD_TENSOR;
        case "torch._utils._rebuild_parameter" -> REBUILD_PARAMETER;
        case "torch.Size" -> SIZE;
        case "_codecs.encode" -> ENCODE;
        case "__builtin__.set", "builtins.set" -> SET;
        case "torch.DoubleStorage" -> STORAGE_F64;
        case "torch.FloatStorage" -> STORAGE_F32;
        case "torch.HalfStorage" -> STORAGE_F16;
        case "torch.BFloat16Storage" -> STORAGE_BF16;
        case "torch.LongStorage" -> STORAGE_I64;
        case "torch.IntStorage" -> STORAGE_I32;
        case "torch.ShortStorage" -> STORAGE_I16;
        case "torch.CharStorage" -> STORAGE_I8;
        case "torch.ByteStorage" -> STORAGE_U8;
        case "torch.BoolStorage" -> STORAGE_BOOL;
        default ->
            throw new PickleException(
                CheckpointException.Kind.FORBIDDEN,
                "asks for '"
                    + module
                    + "."
                    + name
                    + "', which a checkpoint of tensors does not need; nothing of it was executed."
                    + " Save the state dict alone: torch.save({'model': model.state_dict()}, file)");
      };
    }
  }
}
