/**
 * Decides how a YAML file becomes the typed records that components are built from.
 *
 * <p>A configuration is a tree of records. Keys are the component names in kebab-case; an unknown
 * key is an error; a missing one takes its documented default, from the static {@code defaults()}
 * method of the record. Precedence: defaults, then the file, then {@code --set key=value}. All
 * problems of a configuration are reported at once, each with its key, place, value and what is
 * allowed.
 */
package io.medvol.data.config;
