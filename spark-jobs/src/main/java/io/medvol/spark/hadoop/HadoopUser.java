package io.medvol.spark.hadoop;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import org.apache.hadoop.security.UserGroupInformation;

/** Who Hadoop and Spark take this process for. */
public final class HadoopUser {
  /** What a process is called that the system has no name for. */
  static final String NAMELESS = "medvol";

  private HadoopUser() {}

  /** Whether the system knows the user of this process by a name; in a container it may not. */
  public static boolean isNamed() {
    return !"?".equals(System.getProperty("user.name"));
  }

  /**
   * Gives a user without a name that of {@code HADOOP_USER_NAME}, or {@value #NAMELESS}: Hadoop
   * refuses every use otherwise. Does nothing where there is a name.
   */
  public static void ensure() {
    try {
      UserGroupInformation.getLoginUser();
    } catch (IOException e) {
      if (UserGroupInformation.isSecurityEnabled()) {
        throw new MedVolException(
            ErrorCode.RESOURCE,
            "Hadoop cannot log in (" + e.getMessage() + "); see to its Kerberos settings.",
            e);
      }
      String name = System.getenv("HADOOP_USER_NAME");
      UserGroupInformation.setLoginUser(
          UserGroupInformation.createRemoteUser(name == null || name.isBlank() ? NAMELESS : name));
    }
  }
}
