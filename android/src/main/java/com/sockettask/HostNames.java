package com.sockettask;

import android.icu.text.IDNA;
import android.os.Build;
import java.net.IDN;
import java.util.EnumSet;
import java.util.Set;

/** Host names outside ASCII, in ASCII. */
final class HostNames {
  private HostNames() {}

  /**
   * The name as URLs have it; null for one that is not valid. By UTS #46, as the URL Standard says; before Android 7.0 by the
   * older IDNA 2003, which has another form for some names (those with ß, ς or joiners) and none for newer characters.
   */
  static String toAscii(String name) {
    try {
      return Build.VERSION.SDK_INT >= Build.VERSION_CODES.N ? Uts46.toAscii(name) : IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
    } catch (RuntimeException invalid) {
      return null;
    }
  }

  /** A class of its own, so that nothing of it is looked for where Android does not have it. */
  private static final class Uts46 {
    private static final IDNA CONVERTER =
        IDNA.getUTS46Instance(
            IDNA.CHECK_BIDI
                | IDNA.CHECK_CONTEXTJ
                | IDNA.NONTRANSITIONAL_TO_ASCII
                | IDNA.NONTRANSITIONAL_TO_UNICODE);

    /** What the standard does not mind: it neither checks hyphens nor lengths. */
    private static final Set<IDNA.Error> TOLERATED =
        EnumSet.of(
            IDNA.Error.EMPTY_LABEL,
            IDNA.Error.LABEL_TOO_LONG,
            IDNA.Error.DOMAIN_NAME_TOO_LONG,
            IDNA.Error.LEADING_HYPHEN,
            IDNA.Error.TRAILING_HYPHEN,
            IDNA.Error.HYPHEN_3_4);

    static String toAscii(String name) {
      StringBuilder ascii = new StringBuilder();
      IDNA.Info info = new IDNA.Info();
      CONVERTER.nameToASCII(name, ascii, info);
      return TOLERATED.containsAll(info.getErrors()) ? ascii.toString() : null;
    }
  }
}
