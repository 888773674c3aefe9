package io.medvol.spark.table;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows as Parquet without a Spark job, in the three-level lists and maps of the format's
 * specification, which Spark reads with the same schema. Values are texts, numbers, {@link Row},
 * {@link List} and {@link Map}. One thread.
 */
final class RowWriteSupport extends WriteSupport<Row> {
  /** Where Spark keeps the schema of a file it has written, and looks for it. */
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  private static final String LIST = "list";
  private static final String ELEMENT = "element";
  private static final String ENTRY = "key_value";
  private static final String KEY = "key";
  private static final String VALUE = "value";

  private final StructType schema;
  private RecordConsumer out;

  RowWriteSupport(StructType schema) {
    this.schema = schema;
  }

  @Override
  public WriteContext init(Configuration configuration) {
    return context();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return context();
  }

  private WriteContext context() {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField field : schema.fields()) {
      message.addField(type(field.name(), field.dataType()));
    }
    MessageType named = message.named("spark_schema");
    return new WriteContext(named, Map.of(SPARK_SCHEMA, schema.json()));
  }

  private static Type type(String name, DataType type) {
    if (type instanceof StructType struct) {
      Types.GroupBuilder<GroupType> group = Types.optionalGroup();
      for (StructField field : struct.fields()) {
        group.addField(type(field.name(), field.dataType()));
      }
      return group.named(name);
    }
    if (type instanceof ArrayType array) {
      return Types.optionalGroup()
          .as(LogicalTypeAnnotation.listType())
          .addField(Types.repeatedGroup().addField(type(ELEMENT, array.elementType())).named(LIST))
          .named(name);
    }
    if (type instanceof MapType map) {
      return Types.optionalGroup()
          .as(LogicalTypeAnnotation.mapType())
          .addField(
              Types.repeatedGroup()
                  .addField(
                      Types.required(PrimitiveTypeName.BINARY)
                          .as(LogicalTypeAnnotation.stringType())
                          .named(KEY))
                  .addField(type(VALUE, map.valueType()))
                  .named(ENTRY))
          .named(name);
    }
    if (type.equals(DataTypes.StringType)) {
      return Types.optional(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(name);
    }
    return Types.optional(number(type)).named(name);
  }

  private static PrimitiveTypeName number(DataType type) {
    if (type.equals(DataTypes.IntegerType)) {
      return PrimitiveTypeName.INT32;
    }
    if (type.equals(DataTypes.LongType)) {
      return PrimitiveTypeName.INT64;
    }
    if (type.equals(DataTypes.DoubleType)) {
      return PrimitiveTypeName.DOUBLE;
    }
    throw new IllegalArgumentException("No column can be of " + type);
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    out = consumer;
  }

  @Override
  public void write(Row row) {
    out.startMessage();
    fields(row, schema);
    out.endMessage();
  }

  private void fields(Row row, StructType struct) {
    StructField[] fields = struct.fields();
    for (int i = 0; i < fields.length; i++) {
      field(fields[i].name(), i, fields[i].dataType(), row.get(i));
    }
  }

  private void field(String name, int index, DataType type, Object value) {
    if (value != null) {
      out.startField(name, index);
      value(type, value);
      out.endField(name, index);
    }
  }

  private void value(DataType type, Object value) {
    if (value instanceof Row row) {
      out.startGroup();
      fields(row, (StructType) type);
      out.endGroup();
    } else if (value instanceof List<?> list) {
      out.startGroup();
      elements(list, ((ArrayType) type).elementType());
      out.endGroup();
    } else if (value instanceof Map<?, ?> map) {
      out.startGroup();
      entries(map, ((MapType) type).valueType());
      out.endGroup();
    } else if (value instanceof String text) {
      out.addBinary(Binary.fromString(text));
    } else if (value instanceof Integer number) {
      out.addInteger(number);
    } else if (value instanceof Long number) {
      out.addLong(number);
    } else {
      out.addDouble((Double) value);
    }
  }

  private void elements(List<?> list, DataType type) {
    if (!list.isEmpty()) {
      out.startField(LIST, 0);
      for (Object element : list) {
        out.startGroup();
        field(ELEMENT, 0, type, element);
        out.endGroup();
      }
      out.endField(LIST, 0);
    }
  }

  private void entries(Map<?, ?> map, DataType type) {
    if (!map.isEmpty()) {
      out.startField(ENTRY, 0);
      map.forEach(
          (key, value) -> {
            out.startGroup();
            field(KEY, 0, DataTypes.StringType, key);
            field(VALUE, 1, type, value);
            out.endGroup();
          });
      out.endField(ENTRY, 0);
    }
  }
}
