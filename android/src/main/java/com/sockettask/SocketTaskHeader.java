package com.sockettask;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A header field of an HTTP response. */
public final class SocketTaskHeader {
  private final String name;
  private final String value;

  private SocketTaskHeader(String name, String value) {
    this.name = name;
    this.value = value;
  }

  /** Of name, value, name, value, … */
  static List<SocketTaskHeader> list(String[] texts) {
    List<SocketTaskHeader> headers = new ArrayList<>(texts.length / 2);
    for (int i = 0; i + 1 < texts.length; i += 2) {
      headers.add(new SocketTaskHeader(texts[i], texts[i + 1]));
    }
    return Collections.unmodifiableList(headers);
  }

  /** The value of the first field with this name, in whatever case; null for none. */
  static String find(List<SocketTaskHeader> headers, String name) {
    for (SocketTaskHeader header : headers) {
      if (header.name.equalsIgnoreCase(name)) {
        return header.value;
      }
    }
    return null;
  }

  /** {@return the field's name, in the server's spelling} */
  public String getName() {
    return name;
  }

  /** {@return the field's value, read as UTF-8, or as Latin-1 if it is no UTF-8} */
  public String getValue() {
    return value;
  }

  @Override
  public String toString() {
    return name + ": " + value;
  }
}
