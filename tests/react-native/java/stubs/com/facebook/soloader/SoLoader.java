package com.facebook.soloader;

import java.util.HashSet;
import java.util.Set;

/** Loads from the folders of {@code java.library.path}. */
public class SoLoader {
  private static final Set<String> loaded = new HashSet<>();
  private static ExternalSoMapping mapping;

  /** {@code mapping} knows which libraries are a part of another one. */
  public static synchronized void init(ExternalSoMapping mapping) {
    SoLoader.mapping = mapping;
  }

  public static synchronized boolean loadLibrary(String name) {
    if (!loaded.add(name)) {
      return false;
    }
    String place = mapping == null ? name : mapping.mapLibName(name);
    System.loadLibrary(place);
    if (!place.equals(name)) {
      mapping.invokeJniOnload(name);
    }
    return true;
  }

  public static boolean loadLibrary(String name, int flags) {
    return loadLibrary(name);
  }
}
