package com.sockettask;

import static org.junit.Assert.assertEquals;

import android.content.Context;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

/** The Java half of rustls-platform-verifier that the package has is what the Rust half calls, and runs. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 35)
public class VerifierTest {
  private static final int INVALID_ENCODING = 5;

  @Test
  public void answersAsRustAsks() throws Exception {
    Class<?> verifier = Class.forName("org.rustls.platformverifier.CertificateVerifier");
    Method verify =
        verifier.getDeclaredMethod(
            "verifyCertificateChain",
            Context.class,
            String.class,
            String.class,
            String[].class,
            byte[].class,
            long.class,
            byte[][].class);
    verify.setAccessible(true);
    String[] usages = {"1.3.6.1.5.5.7.3.1"};
    byte[][] chain = {{1, 2, 3}};
    Object result =
        verify.invoke(null, RuntimeEnvironment.getApplication(), "example.com", "RSA", usages, null, 0L, chain);
    Field code = result.getClass().getDeclaredField("code");
    code.setAccessible(true);
    assertEquals(INVALID_ENCODING, code.getInt(result));
    assertEquals(String.class, result.getClass().getDeclaredField("message").getType());
  }
}
