package com.sockettask;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.FileWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import proguard.Configuration;
import proguard.ConfigurationParser;
import proguard.ProGuard;

/** An app that ProGuard has shrunk, optimized and renamed works with the rules that the module has for it. */
public class ShrinkerTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void anAppWorksWithTheRulesOfTheModule() throws Exception {
    Path rules = Paths.get(property("module"), "consumer-rules.pro");
    String output = run(shrink("-include '" + rules + "'"));
    assertEquals("verifier 1\ntext\n100000\npong\n3000 enough\nstatus 0\n", output);
  }

  /** That the test above can fail. */
  @Test
  public void anAppDoesNotWorkWithoutThem() throws Exception {
    // Of the classes that are found by name only, one remains for the app's own check.
    String output = run(shrink("-keep class org.rustls.platformverifier.CertificateVerifier"));
    assertTrue(output, output.startsWith("verifier 0\n"));
    assertTrue(output, output.contains("failed to resolve Java class 'com/sockettask/"));
    assertTrue(output, output.endsWith("status 1\n"));
  }

  private File shrink(String rules) throws Exception {
    File shrunk = new File(folder.getRoot(), "app.jar");
    String jmods = System.getProperty("java.home") + "/jmods";
    String[] lines = {
      "-injars '" + property("classes") + "'",
      "-injars '" + property("test-classes") + "'(com/example/**)",
      "-injars '" + property("verifier") + "'",
      "-outjars '" + shrunk + "'",
      "-libraryjars '" + jmods + "/java.base.jmod'(!**.jar;!module-info.class)",
      "-libraryjars '" + jmods + "/java.logging.jmod'(!**.jar;!module-info.class)",
      // As much of Android as the library refers to; the whole would take a while to read.
      "-libraryjars '" + property("android") + "'(android/app/**,android/content/**,android/database/**,android/net/**,"
          + "android/os/**,android/security/**,android/util/**)",
      "-libraryjars '" + property("kotlin") + "'",
      "-dontwarn android.**,org.jetbrains.annotations.**",
      "-dontnote **",
      "-keep class com.example.app.App { public static void main(java.lang.String[]); }",
      rules,
    };
    File file = folder.newFile("app.pro");
    try (Writer writer = new FileWriter(file, StandardCharsets.UTF_8)) {
      writer.write(String.join("\n", lines));
    }
    Configuration configuration = new Configuration();
    try (ConfigurationParser parser = new ConfigurationParser(file, System.getProperties())) {
      parser.parse(configuration);
    }
    new ProGuard(configuration).execute();
    return shrunk;
  }

  private String run(File app) throws IOException, InterruptedException {
    File output = folder.newFile("output");
    String path = String.join(File.pathSeparator, app.getPath(), property("android"), property("kotlin"));
    Process process =
        new ProcessBuilder(
                Paths.get(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.library.path=" + System.getProperty("java.library.path"),
                "-cp",
                path,
                "com.example.app.App",
                System.getenv("SOCKET_TASK_WS"),
                "org.rustls.platformverifier.CertificateVerifier",
                "verifyCertificateChain")
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end: " + Files.readString(output.toPath()));
    }
    return Files.readString(output.toPath()) + "status " + process.exitValue() + "\n";
  }

  private static String property(String name) {
    return System.getProperty("socket-task." + name);
  }
}
