package io.medvol.spark.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command in this JVM left behind. */
public record CommandLineResult(int status, String out, String err) {
  public static CommandLineResult of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = MedVol.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new CommandLineResult(status, out.toString(), err.toString());
  }
}
