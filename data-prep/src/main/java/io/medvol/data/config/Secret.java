package io.medvol.data.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a text of a configuration record that no output may show: it is written as {@value #HIDDEN}
 * unless it is the default, which is no secret.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Secret {
  /** What stands in its place. */
  String HIDDEN = "(set)";
}
