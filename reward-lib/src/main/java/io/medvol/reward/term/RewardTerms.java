package io.medvol.reward.term;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the reward terms of the user. */
public final class RewardTerms {
  private RewardTerms() {}

  /**
   * The term that a weight names.
   *
   * @param key of the configuration that gives the weight, for the message
   * @param name name of a provider, or of a class
   * @param builtIn names of the terms that need no finding, for the message
   * @throws MedVolException if there is none, or it cannot be made
   */
  public static RewardTerm find(String key, String name, List<String> builtIn) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    List<String> known = new ArrayList<>(builtIn);
    try {
      for (RewardTerm term : ServiceLoader.load(RewardTerm.class, loader)) {
        if (term.name().equals(name)) {
          return term;
        }
        known.add(term.name());
      }
      return Class.forName(name, true, loader)
          .asSubclass(RewardTerm.class)
          .getConstructor()
          .newInstance();
    } catch (ClassNotFoundException e) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          key
              + " names the unknown term '"
              + name
              + "': it is none of "
              + known
              + " and no class on the class path",
          e);
    } catch (ReflectiveOperationException
        | ClassCastException
        | LinkageError
        | ServiceConfigurationError e) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The reward term '"
              + name
              + "' of "
              + key
              + " cannot be made: "
              + e
              + "; it must be a public class with a public constructor without parameters that"
              + " implements "
              + RewardTerm.class.getName(),
          e);
    }
  }
}
