package org.rustls.platformverifier;

import android.content.Context;
import android.net.http.X509TrustManagerExtensions;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Verifies the certificates of servers by Android's own rules: its trust store and the app's network security
 * configuration.
 *
 * <p>The Rust crate {@code rustls-platform-verifier} calls this class by the name that it has here. It comes with the
 * sources of this library, so that an app needs nothing from elsewhere; {@code tests/jvm} compares it with what the
 * crate calls.
 */
final class CertificateVerifier {
  private CertificateVerifier() {}

  /**
   * Whether the chain is good for TLS with the server. That the certificate is for this server's name is checked in Rust
   * after that.
   *
   * @param context any context of the app
   * @param serverName by this the network security configuration has its rules
   * @param authenticationType of the key exchange; Android does not look at it
   * @param allowedUsages the extended key usages of which the certificate must have one, if it names any (RFC 5280,
   *     section 4.2.1.12)
   * @param ocspResponse what the server sent with its certificate (RFC 6066, section 8); null for nothing
   * @param time now, in milliseconds since 1970
   * @param encodedChain in DER, the server's certificate first
   */
  static VerificationResult verifyCertificateChain(
      Context context,
      String serverName,
      String authenticationType,
      String[] allowedUsages,
      byte[] ocspResponse,
      long time,
      byte[][] encodedChain) {
    X509TrustManagerExtensions system;
    try {
      system = new X509TrustManagerExtensions(trustManager(null));
    } catch (GeneralSecurityException | IllegalArgumentException error) {
      return VerificationResult.of(VerificationResult.UNAVAILABLE, error);
    }
    return verify(system, serverName, authenticationType, allowedUsages, ocspResponse, time, encodedChain);
  }

  static VerificationResult verify(
      X509TrustManagerExtensions trust,
      String serverName,
      String authenticationType,
      String[] allowedUsages,
      byte[] ocspResponse,
      long time,
      byte[][] encodedChain) {
    X509Certificate[] chain = new X509Certificate[encodedChain.length];
    List<String> usages;
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (int i = 0; i < chain.length; i++) {
        chain[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encodedChain[i]));
      }
      usages = chain[0].getExtendedKeyUsage();
    } catch (CertificateException | RuntimeException error) {
      return VerificationResult.of(VerificationResult.INVALID_ENCODING, error);
    }
    if (usages != null && Collections.disjoint(usages, Arrays.asList(allowedUsages))) {
      return VerificationResult.of(VerificationResult.INVALID_EXTENSION, "usages: " + usages);
    }
    try {
      chain[0].checkValidity(new Date(time));
      List<X509Certificate> trusted = trust.checkServerTrusted(chain, authenticationType, serverName);
      return ocspResponse == null ? VerificationResult.ok() : checkRevocation(trusted, ocspResponse, time);
    } catch (CertificateException | RuntimeException error) {
      return VerificationResult.of(kindOf(error), error);
    }
  }

  /** The system's trust manager, or one that trusts what is in the store. */
  static X509TrustManager trustManager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager) {
        return (X509TrustManager) manager;
      }
    }
    throw new GeneralSecurityException("no trust manager for X.509");
  }

  private static int kindOf(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
        return VerificationResult.EXPIRED;
      }
      if (cause instanceof CertPathValidatorException) {
        CertPathValidatorException.Reason reason = ((CertPathValidatorException) cause).getReason();
        if (reason == CertPathValidatorException.BasicReason.REVOKED) {
          return VerificationResult.REVOKED;
        }
        if (reason == CertPathValidatorException.BasicReason.EXPIRED
            || reason == CertPathValidatorException.BasicReason.NOT_YET_VALID) {
          return VerificationResult.EXPIRED;
        }
      }
    }
    return VerificationResult.UNKNOWN_CERTIFICATE;
  }

  /**
   * By the server's own OCSP response alone: like Android itself this asks no server of the authority. A response that
   * says nothing, or cannot be trusted, is as none.
   *
   * @param trusted the chain as Android has it, the authority last
   */
  private static VerificationResult checkRevocation(List<X509Certificate> trusted, byte[] ocspResponse, long time) {
    int authority = trusted.size() - 1;
    if (authority < 1) {
      return VerificationResult.ok();
    }
    try {
      CertPathValidator validator = CertPathValidator.getInstance("PKIX");
      PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
      checker.setOptions(
          EnumSet.of(PKIXRevocationChecker.Option.ONLY_END_ENTITY, PKIXRevocationChecker.Option.NO_FALLBACK));
      checker.setOcspResponses(Collections.singletonMap(trusted.get(0), ocspResponse));
      PKIXParameters parameters =
          new PKIXParameters(Collections.singleton(new TrustAnchor(trusted.get(authority), null)));
      parameters.setDate(new Date(time));
      parameters.setRevocationEnabled(false);
      parameters.addCertPathChecker(checker);
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(trusted.subList(0, authority));
      validator.validate(path, parameters);
    } catch (GeneralSecurityException | RuntimeException error) {
      if (kindOf(error) == VerificationResult.REVOKED) {
        return VerificationResult.of(VerificationResult.REVOKED, error);
      }
    }
    return VerificationResult.ok();
  }
}
