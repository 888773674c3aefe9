/** Decides the columns of the tables a run leaves behind, Parquet readable by Spark SQL. */
package io.medvol.spark.table;
