/** The configuration as a whole: one record for every command. */
package io.medvol.spark.config;
