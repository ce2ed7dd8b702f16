package android.os;

/**
 * Stands in for the class of Android, which asks the system for its version: here there is none. The floors of older versions
 * are tested on Android's own classes, in tests/android.
 */
public final class Build {
  private Build() {}

  /** The version of the system. */
  public static final class VERSION {
    /** Android 15, as the other classes of Android here. */
    public static final int SDK_INT = Integer.parseInt("35");

    private VERSION() {}
  }
}
