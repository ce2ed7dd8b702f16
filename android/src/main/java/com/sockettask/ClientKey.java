package com.sockettask;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** A private key, which may be in a key store that does not give it away, and how it signs in the handshake of TLS. */
final class ClientKey {
  private final PrivateKey key;

  ClientKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * Signs.
   *
   * @param algorithm as TLS numbers it (RFC 8446, section 4.2.3)
   */
  byte[] sign(int algorithm, byte[] message) throws GeneralSecurityException {
    Signature signature = begin(algorithm);
    signature.update(message);
    return signature.sign();
  }

  private Signature begin(int algorithm) throws GeneralSecurityException {
    switch (algorithm) {
      case 0x0401:
        return begin("SHA256withRSA");
      case 0x0501:
        return begin("SHA384withRSA");
      case 0x0601:
        return begin("SHA512withRSA");
      case 0x0403:
        return begin("SHA256withECDSA");
      case 0x0503:
        return begin("SHA384withECDSA");
      case 0x0603:
        return begin("SHA512withECDSA");
      case 0x0804:
        return beginPss("SHA-256", 32);
      case 0x0805:
        return beginPss("SHA-384", 48);
      case 0x0806:
        return beginPss("SHA-512", 64);
      default:
        return begin("Ed25519");
    }
  }

  private Signature begin(String name) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(name);
    signature.initSign(key);
    return signature;
  }

  /** Android's providers have a name for each digest; others have one, which takes the digest as a parameter. */
  private Signature beginPss(String digest, int length) throws GeneralSecurityException {
    Signature signature;
    try {
      signature = Signature.getInstance(digest.replace("-", "") + "withRSA/PSS");
    } catch (NoSuchAlgorithmException unknown) {
      signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), length, 1));
    }
    signature.initSign(key);
    return signature;
  }
}
