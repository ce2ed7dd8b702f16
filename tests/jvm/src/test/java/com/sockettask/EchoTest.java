package com.sockettask;

import static com.sockettask.Recorder.assertQueued;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages there and back. */
class EchoTest {
  private static final int[] SIZES = {
    0, 1, 125, 126, 512, 513, 4096, 4097, 16383, 16384, 65535, 65536, 1 << 20, 16 << 20
  };

  private final Recorder recorder = new Recorder();
  private SocketTask task;

  @BeforeEach
  void connect() {
    task = SocketTask.builder(EchoServer.ws("/")).connect(recorder);
    recorder.awaitOpen();
  }

  @AfterEach
  void release() {
    task.release();
    recorder.awaitRelease();
  }

  static Stream<Arguments> sizes() {
    return java.util.Arrays.stream(SIZES).mapToObj(Arguments::of);
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void binary(int size) {
    Memory.awaitNothingRetained();
    byte[] bytes = random(size);
    assertQueued(task.send(bytes));
    ByteBuffer received = recorder.binary();
    assertEquals(0, received.position());
    assertEquals(size, received.limit());
    assertTrue(received.isReadOnly());
    assertArrayEquals(bytes, Recorder.bytes(received));
    assertEquals(size >= 16 << 10, received.isDirect(), "large messages are not copied");
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void text(int size) {
    String text = "x".repeat(size);
    assertQueued(task.send(text));
    assertEquals(text, recorder.text());
  }

  /** Every number of bytes of UTF-8 and of units of UTF-16, at every offset in the chunks in which they are converted. */
  @ParameterizedTest
  @MethodSource("sizes")
  void unicode(int size) {
    String pattern = "aé世😀\0";
    String text = pattern.repeat(size / pattern.length() + 1).substring(0, size);
    if (size > 0 && Character.isHighSurrogate(text.charAt(size - 1))) {
      text = text.substring(0, size - 1) + "z";
    }
    assertQueued(task.send(text));
    assertEquals(text, recorder.text());
  }

  @Test
  void everyCodePointThatThereIs() {
    StringBuilder all = new StringBuilder();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        all.appendCodePoint(point);
      }
    }
    assertQueued(task.send(all.toString()));
    assertTrue(all.toString().equals(recorder.text()));
  }

  @Test
  void halfAPairIsReplaced() {
    String[] lone = {"\ud83d", "\ude00", "a\ud83d", "\ude00a", "\ud83d\ud83d\ude00", "\ude00\ud83d"};
    String[] seen = {"\ufffd", "\ufffd", "a\ufffd", "\ufffda", "\ufffd😀", "\ufffd\ufffd"};
    for (int i = 0; i < lone.length; i++) {
      assertQueued(task.send(lone[i]));
      assertEquals(seen[i], recorder.text());
    }
    String before = "x".repeat(511);
    assertQueued(task.send(before + "😀" + before + "\ud83d"));
    assertEquals(before + "😀" + before + "\ufffd", recorder.text());
  }

  @Test
  void partsOfAnArray() {
    byte[] bytes = random(100_000);
    int[][] parts = {{0, 0}, {0, 10}, {99_990, 10}, {100_000, 0}, {5, 4096}, {7, 4097}, {1, 99_999}};
    for (int[] part : parts) {
      assertQueued(task.send(bytes, part[0], part[1]));
      assertArrayEquals(java.util.Arrays.copyOfRange(bytes, part[0], part[0] + part[1]), recorder.bytes());
    }
    int[][] outside = {{-1, 1}, {0, -1}, {99_999, 2}, {100_001, 0}, {Integer.MAX_VALUE, 1}, {1, Integer.MAX_VALUE}};
    for (int[] part : outside) {
      assertThrows(IndexOutOfBoundsException.class, () -> task.send(bytes, part[0], part[1]));
    }
  }

  static Stream<ByteBuffer> buffers() {
    byte[] bytes = random(100_000);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length);
    direct.put(bytes).flip();
    ByteBuffer heap = ByteBuffer.wrap(bytes);
    return Stream.of(
        direct, heap, direct.asReadOnlyBuffer(), heap.asReadOnlyBuffer(), ByteBuffer.wrap(bytes, 10, 90_000));
  }

  @ParameterizedTest
  @MethodSource("buffers")
  void partsOfABuffer(ByteBuffer buffer) {
    int[][] parts = {{0, 0}, {10, 20}, {11, 5000}, {10, 90_000}};
    for (int[] part : parts) {
      ByteBuffer view = buffer.duplicate();
      view.limit(part[1]).position(part[0]);
      for (ByteBuffer sent : new ByteBuffer[] {view, view.slice()}) {
        byte[] expected = Recorder.bytes(sent);
        int position = sent.position();
        int limit = sent.limit();
        assertQueued(task.send(sent));
        assertEquals(position, sent.position());
        assertEquals(limit, sent.limit());
        assertArrayEquals(expected, recorder.bytes());
      }
    }
  }

  @Test
  void whatWasReceivedCanBeSentOn() {
    byte[] bytes = random(1 << 20);
    assertQueued(task.send(bytes));
    ByteBuffer first = recorder.binary();
    assertQueued(task.send(first));
    ByteBuffer second = recorder.binary();
    assertEquals(first, second);
    assertThrows(java.nio.ReadOnlyBufferException.class, () -> second.put(0, (byte) 1));
    assertFalse(second.hasArray());
  }

  @Test
  void whatWasReceivedOutlivesItsConnection() {
    byte[] bytes = random(1 << 20);
    assertQueued(task.send(bytes));
    ByteBuffer received = recorder.binary();
    ByteBuffer slice = received.duplicate().position(1000).slice();
    task.release();
    recorder.awaitRelease();
    received = null;
    System.gc();
    System.gc();
    assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 1000, bytes.length), Recorder.bytes(slice));
  }

  @Test
  void pingAndPong() {
    assertQueued(task.ping("hello".getBytes(StandardCharsets.UTF_8)));
    assertEquals("hello", new String(Recorder.next(recorder.pongs, "a pong"), StandardCharsets.UTF_8));
    assertTrue(recorder.roundTrip > 0, "it answers a ping");
    assertQueued(task.ping());
    assertEquals(0, Recorder.next(recorder.pongs, "a pong").length);
    assertQueued(task.ping(new byte[125]));
    assertThrows(IllegalArgumentException.class, () -> task.ping(new byte[126]));
  }

  @Test
  void nullIsRefusedByJava() {
    assertThrows(NullPointerException.class, () -> task.send((String) null));
    assertThrows(NullPointerException.class, () -> task.send((byte[]) null));
    assertThrows(NullPointerException.class, () -> task.send((ByteBuffer) null));
    assertThrows(NullPointerException.class, () -> task.ping(null));
    assertThrows(NullPointerException.class, () -> task.close(1000, null));
    assertThrows(NullPointerException.class, () -> SocketTask.builder(null));
    assertThrows(NullPointerException.class, () -> SocketTask.builder(EchoServer.ws("/")).connect(null));
  }
}
