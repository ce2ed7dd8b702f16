/**
 * The seam between the JavaScript of this package and its native half.
 *
 * Two native halves implement it: the Node addon (`node/`) and the C++ TurboModule of React Native (`cpp/`).
 * Each hands out one {@link NativeModule}; everything else hangs from it. The interfaces below are the whole
 * contract: an implementation adds nothing that the JavaScript relies on, and leaves nothing out.
 *
 * **Threads.** Every function here is called on the JavaScript thread, and returns without waiting for the
 * network. Native threads never touch the JavaScript engine: they append to the session's event queue and, when
 * it was empty, ask the JavaScript thread once to come by. A burst costs one hop.
 *
 * **Order and tasks.** The JavaScript thread calls `onEvent` once for each event, in their order, each as a task of its
 * own: its microtasks run before the next event. It goes on for a few milliseconds at most, then others have their turn.
 * What JavaScript has not been told of waits in the native queue, and nowhere else.
 *
 * **Memory.** Bytes that JavaScript passes are read during the call and not kept. An `ArrayBuffer` in an event
 * belongs to JavaScript: no native code reads or writes it any more. Where it wraps native memory, the engine is
 * told its size (Hermes: `setExternalMemoryPressure`), and the memory is freed when the engine collects it.
 *
 * **Text.** A JavaScript string is encoded as UTF-8 exactly once, on its way in, with U+FFFD in place of a lone
 * surrogate; U+0000 is a character like others. Text of the network is decoded exactly once.
 *
 * **Refusals.** A function that cannot do what it was asked throws an `Error` whose `code` is a
 * {@link RefusalCode} and whose `message` is the core's text for people. Nothing has happened then.
 *
 * **Flow.** An implementation bounds the bytes in its queue: above a few MiB it stops reading from the network for
 * the sockets concerned (`pause` of the core) and goes on when there is room. This is independent of
 * {@link NativeSocket.pause}.
 *
 * **What does not fit.** A message that the engine has no room for (a text longer than its strings can be) fails its own
 * connection: an `Error` event (`message-too-big`) comes in its place, and the server is told 1009.
 */

/**
 * The version of this contract. It grows with every change that one side cannot make alone; the JavaScript works with
 * native halves of the same version only, and says what to update otherwise.
 */
export const SEAM = 6;

/** What a native half hands out. */
export interface NativeModule {
  /** The version of the core library. */
  readonly version: string;

  /** The version of the contract that it was written for, as {@link SEAM}; always here, whatever else changes. */
  readonly seam: number;

  /**
   * Reads `url`, and gives it as the URL Standard serializes it, in ASCII; `connect` takes either. Its host is in ASCII.
   * @throws `invalid-url`.
   */
  serializeUrl(url: string): string;

  /**
   * Opens a session: a set of sockets with one event queue.
   *
   * `key` names a copy of the package. Copies that live side by side in one runtime have different keys and do not
   * disturb each other. A live session with the same key in the same runtime belongs to an earlier evaluation of the same
   * copy, that is, to code that was replaced: it is ended as by {@link NativeSession.end}. The end of the runtime (of
   * the Node environment, of the React Native instance) ends all its sessions too.
   *
   * `onEvent` is called with each event, on the JavaScript thread, until the session ends. It must not throw.
   */
  openSession(key: string, onEvent: (...event: NativeEvent | NativeYield) => void): NativeSession;
}

/** A set of sockets with one event queue. */
export interface NativeSession {
  /**
   * Starts to connect. With `hold`, the socket's events, but for those about cookies, wait in the queue for
   * {@link NativeSocket.deliver}.
   * @throws `invalid-url`, `invalid-argument`, `invalid-state` (the session has ended), `resource`.
   */
  connect(options: NativeOptions, hold?: boolean): NativeSocket;

  /**
   * Opens a connection in advance, which the next {@link connect} with equal options adopts; it is closed with 1001 when
   * none has within `lifetime` milliseconds. `options.cookies` is not true. @throws as {@link connect}.
   */
  prewarm(options: NativeOptions, lifetime: number): void;

  /**
   * Called when this copy's JavaScript is about to be replaced (Metro's `module.hot`).
   * Ends the session: every socket is released (an open one is closed with 1001 in the background), the queue is
   * emptied, and `onEvent` is told of nothing any more. Twice is the same as once.
   */
  end(): void;

  /**
   * Lets the library's log come as {@link EventKind.Log} events, up to `level`: 1 faults, 2 what is suspicious, 3 connections that
   * open, fail and close, 4 steps on the way; 0: not at all. At most 256 lines wait; those beyond them are left out, which the next
   * one tells. @throws `invalid-state`.
   */
  setLog(level: number): void;

  /**
   * Goes on after a {@link YIELD}, in a later turn of the event loop. Present where the native half cannot make others
   * have their turn by itself (Node).
   */
  goOn?(): void;
}

/** One connection. */
export interface NativeSocket {
  /** Names the socket in events. Unique in its session, never used again. */
  readonly id: number;

  /**
   * Lets the events come that wait since `connect`, before those that follow. Nothing happens on a socket that holds none or
   * was released.
   */
  deliver(): void;

  /** Queues a text message; returns its length in UTF-8. @throws `invalid-state` when not open, `buffer-full`, `message-too-big`. */
  sendText(text: string): number;

  /** Queues `length` bytes of `buffer` from `offset` as a binary message. @throws as {@link sendText}. */
  sendBinary(buffer: ArrayBuffer, offset: number, length: number): void;

  /** Queues a ping with `length` bytes of `buffer` from `offset`. @throws `invalid-state`, `invalid-argument` (over 125 bytes). */
  ping(buffer: ArrayBuffer, offset: number, length: number): void;

  /**
   * Closes: after the queued messages when the socket is open, at once when it is not open yet. Without a code the
   * Close frame is empty. Nothing happens on a socket that is closing or closed.
   * @throws `invalid-argument` for a code that may not be sent or a reason of more than 123 bytes.
   */
  close(code: number | undefined, reason: string): void;

  /** Stops reading from the network. Messages that were read already may still come. */
  pause(): void;

  /** Reads on. */
  resume(): void;

  /**
   * Asks an open socket for a sign of life; without one within `deadline` milliseconds it fails with 1006. No version of
   * the JavaScript calls it yet: it is here so that one that comes over the air can.
   */
  probe(deadline: number): void;

  /**
   * The app is hidden: closes with 1001 in `grace` milliseconds, by a timer of the native side (JavaScript's may stand still in the
   * background), unless {@link show} is called before. Each call begins anew.
   */
  hide(grace: number): void;

  /** The app is seen again. */
  show(): void;

  /** Bytes of messages that were accepted and not yet handed to the operating system. */
  bufferedAmount(): number;

  /** What it has carried so far. */
  stats(): NativeStats;

  /** Answers the {@link EventKind.AskCookies} event with the value of the `Cookie` field; '' sends none. */
  answerCookies(cookies: string): void;

  /**
   * Answers the {@link EventKind.AskRefresh} event of this ticket: what the next attempt, and those after it, are made with.
   * All three, or none of them: then nothing changes. Nothing happens where nobody waits for the answer any more. @throws `invalid-url`.
   */
  answerRefresh(ticket: number, url?: string, headers?: string[], protocols?: string[]): void;

  /** Answers it: there is nothing to connect with, and the attempt has failed. */
  failRefresh(ticket: number): void;

  /** Answers the {@link EventKind.AskReconnect} event of this ticket. */
  answerReconnect(ticket: number, should: boolean): void;

  /** Gives the socket back: no event of it comes any more. An open one is closed with 1001 in the background. */
  release(): void;
}

/** What a connection has carried so far. Bytes are those of the messages, without framing and compression. */
export interface NativeStats {
  /** Messages that were handed to the operating system. */
  messagesSent: number;
  messagesReceived: number;
  /** Pings included. */
  bytesSent: number;
  bytesReceived: number;
  /** Milliseconds from the last of the app's pings that was answered to its pong; left out for none. */
  rtt?: number;
  /** How many connections were opened after the first. */
  reconnects: number;
}

/** Why a call was refused, in `code` of the `Error` that it throws. */
export type RefusalCode =
  'invalid-argument' | 'invalid-url' | 'invalid-state' | 'buffer-full' | 'message-too-big' | 'resource';

/**
 * How to connect. A field that is left out has the core's default. Numbers are 0 or more; fractions of a millisecond are
 * rounded up, and what is larger than the core's type is as good as its largest. What a value is refused for, the core says.
 */
export interface NativeOptions {
  /** `ws:` or `wss:`. */
  url: string;
  /** Header fields in sending order: name, value, name, value, … */
  headers: string[];
  /** Sub-protocols to offer, most wanted first. */
  protocols: string[];
  /** The whole time to open, in milliseconds. */
  timeout?: number;
  /** How long the closing handshake may stand still before the connection is dropped, in milliseconds. */
  closeTimeout?: number;
  /** The largest message to accept, in bytes after decompression. */
  maxMessageSize?: number;
  /** The most bytes that may wait to be sent. */
  maxBufferedAmount?: number;
  /** Offer permessage-deflate (RFC 7692). */
  perMessageDeflate?: NativeDeflate;
  /** Disable Nagle's algorithm. */
  tcpNoDelay?: boolean;
  /** Ping after so many milliseconds of silence from the server; 0 never does. */
  pingInterval?: number;
  /** How long the answer to such a ping may take, in milliseconds. */
  pongTimeout?: number;
  /** How to authenticate the server. */
  tls?: NativeTls;
  /**
   * The URL of the proxy to go through; `environment` for the one that environment variables name, `system` for the one
   * that the platform names (on Node: `environment`). Left out: none.
   */
  proxy?: string;
  /** Header fields for an HTTP proxy: name, value, name, value, … */
  proxyHeaders?: string[];
  /** Addresses of host names that the resolver is not asked for: name, address, name, address, …, in the order to try. */
  resolve?: string[];
  /** Let the operating system probe a silent connection after so many milliseconds; 0 does not. */
  tcpKeepalive?: number;
  /**
   * true: ask for cookies with {@link EventKind.AskCookies} before each request of the opening handshake (unless
   * `headers` has `Cookie`), and tell those of each response with {@link EventKind.SetCookies}. `system`: those that the
   * platform keeps for the app (on Node: none).
   */
  cookies?: boolean | 'system';
  /** How many HTTP redirects of the opening handshake to follow: 0 to 20. */
  followRedirects?: number;
  /** Let a connection that is lost or cannot be made be followed by another one. */
  reconnect?: NativeReconnect;
}

/** How connections follow one another. A field that is left out has the core's default; times are in milliseconds. */
export interface NativeReconnect {
  minDelay?: number;
  maxDelay?: number;
  /** 1 or more. */
  factor?: number;
  /** 1 or more; left out: as many as it takes. */
  maxAttempts?: number;
  stableAfter?: number;
  /** 1000 to 4999 each. */
  stopCodes?: number[];
  /** Bytes of messages that are kept for the next connection. */
  queue?: number;
  whileHidden?: boolean;
  /** Ask with {@link EventKind.AskReconnect} at each loss. */
  shouldReconnect?: boolean;
  /** Ask with {@link EventKind.AskRefresh} before each attempt but the first. */
  refresh?: boolean;
}

/** The parameters of permessage-deflate (RFC 7692, section 7.1). A field that is left out has the core's default. */
export interface NativeDeflate {
  serverNoContextTakeover?: boolean;
  clientNoContextTakeover?: boolean;
  /** 8 to 15. */
  serverMaxWindowBits?: number;
  /** 8 to 15. */
  clientMaxWindowBits?: number;
  /** 0 (not at all) to 9. */
  level?: number;
  /** Messages of fewer bytes are sent uncompressed. */
  threshold?: number;
}

/** How both sides of a `wss:` connection are authenticated. A field that is left out has the core's default. */
export interface NativeTls {
  /** Which authorities are trusted. */
  roots?: 'system' | 'bundled' | 'none';
  /** Authorities trusted beside `roots`: each item any number of certificates in PEM, or one in DER. */
  ca?: NativeCertificateData[];
  /** SHA-256 digests of public keys, one of which the verified chain must have. */
  pins?: string[];
  /** SHA-256 digests of server certificates that are accepted as they are. */
  acceptedCertificates?: string[];
  /** The client's own certificate (with those of its issuers), and its key. */
  clientCert?: { cert: NativeCertificateData; key: NativeCertificateData };
  /** The name to ask the server for and to find in its certificate. */
  serverName?: string;
  /** The lowest version. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

/** Certificates or a key: one of the two fields. */
export type NativeCertificateData = { pem: string } | { der: ArrayBuffer };

/** The kinds of {@link NativeEvent}, by their names. */
export const EventKind = {
  Open: 1,
  Message: 2,
  Pong: 3,
  Drain: 4,
  Error: 5,
  Close: 6,
  AskCookies: 7,
  SetCookies: 8,
  Suspect: 9,
  Alive: 10,
  Reconnecting: 11,
  AskRefresh: 12,
  AskReconnect: 13,
  Log: 14,
} as const;
export type EventKind = NativeEvent[1];

/**
 * An event: the socket's `id`, the kind, and what the kind carries.
 *
 * For each socket: at most one `Open`, and first but for the events about cookies; at most one `Error`, always followed
 * by `Close`; exactly one `Close`, and last. With `reconnect`: a `Reconnecting` in the place of `Error` and `Close` at each loss
 * that is followed by another attempt, and `Open` at each opening.
 */
export type NativeEvent =
  | [id: number, kind: 1, open: NativeOpen]
  /** A text message is a string, a binary one an `ArrayBuffer` of exactly its bytes. */
  | [id: number, kind: 2, data: string | ArrayBuffer]
  /** `rtt` in milliseconds; -1 for a pong that answers no ping of the app. */
  | [id: number, kind: 3, data: ArrayBuffer, rtt: number]
  /** `sent` counts the messages that were handed to the operating system so far. Comes when the queue has run
   * empty, and once before `Close` when `sent` grew since. */
  | [id: number, kind: 4, sent: number]
  | [id: number, kind: 5, error: NativeError]
  /** As on the wire: 1005 no code, 1006 no Close frame, 1015 TLS. */
  | [id: number, kind: 6, code: number, reason: string, wasClean: boolean]
  /** The opening handshake waits for {@link NativeSocket.answerCookies}. `url` holds no user and no password. */
  | [id: number, kind: 7, url: string]
  /** The values of the `Set-Cookie` fields of a response from `url`. */
  | [id: number, kind: 8, url: string, cookies: string[]]
  /** An answer to a ping of the library's own has been awaited for `silent` milliseconds, half of the time for it. */
  | [id: number, kind: 9, silent: number]
  /** After `Suspect`: something has come. */
  | [id: number, kind: 10]
  | [id: number, kind: 11, reconnecting: NativeReconnecting]
  /** The attempt waits for {@link NativeSocket.answerRefresh} or {@link NativeSocket.failRefresh}. */
  | [id: number, kind: 12, ticket: number, attempt: number, loss: NativeLoss]
  /** It waits for {@link NativeSocket.answerReconnect}; `would` is what the rules say. */
  | [id: number, kind: 13, ticket: number, would: boolean, loss: NativeLoss]
  /** A line of the library's log: `id` is 0. */
  | [id: 0, kind: 14, level: number, text: string];

/**
 * The kind of what comes in the place of an event when the queue was at it for long. When the rest of the event loop has had
 * its turn, {@link NativeSession.goOn} is to be called; an event that comes before goes on by itself.
 */
export const YIELD = 0;
export type NativeYield = [none: 0, kind: typeof YIELD];

/** What the server said when it opened the WebSocket. */
export interface NativeOpen {
  /** Header fields of the response as they came: name, value, name, value, … A value that is no UTF-8 is read as Latin-1. */
  headers: string[];
  /** The sub-protocol that the server chose, or ''. */
  protocol: string;
  /** The extensions in use, or ''. */
  extensions: string;
  /** Address and port of the other end of the TCP connection, `192.0.2.1:443` or `[2001:db8::1]:443`. */
  remoteAddress: string;
  /** `TLSv1.2` or `TLSv1.3`; '' without TLS. */
  tlsVersion: string;
  /** The cipher suite in IANA's spelling; '' without TLS. */
  tlsCipher: string;
  /** Whether an earlier TLS session was resumed. */
  tlsResumed: boolean;
  /** When each phase began and ended, in milliseconds since the start of `connect`. */
  profile: NativeProfile;
  /** Which attempt in a row this was; 0 for the first. */
  attempt: number;
}

/** How a connection was lost, or why it could not be made. */
export interface NativeLoss {
  /** As in the `Close` event. */
  code: number;
  reason: string;
  wasClean: boolean;
  /** Why it failed; left out where a Close frame of the server has ended it. */
  error?: NativeError;
}

/** A connection was lost, and another attempt follows. */
export interface NativeReconnecting extends NativeLoss {
  /** Which attempt in a row comes now. */
  attempt: number;
  /** How long until then, in milliseconds. */
  delay: number;
  /** How many of the messages that were accepted and not handed to the operating system are kept, the oldest. */
  kept: number;
  /** How many of them, those that were accepted later, have failed. */
  failed: number;
}

/** Milliseconds since the start of `connect`. A phase that was not needed ends when it starts. */
export interface NativeProfile {
  dnsStart: number;
  dnsEnd: number;
  tcpStart: number;
  tcpEnd: number;
  /** Asking a proxy for the connection, with the TLS handshake with the proxy. */
  proxyStart: number;
  proxyEnd: number;
  tlsStart: number;
  tlsEnd: number;
  handshakeStart: number;
  handshakeEnd: number;
}

/** Why a connection failed. */
export interface NativeError {
  /** The core's `Phase`, as its number in `socket_task.h`. */
  phase: number;
  /** The core's `ErrorCode`, as its number in `socket_task.h`. */
  code: number;
  /** The operating system's error number, or 0. */
  osError: number;
  /** What, for people. */
  message: string;
  /** The server's answer, when it refused the opening handshake. */
  response?: NativeHttpResponse;
}

/** What a server answered instead of opening the WebSocket. */
export interface NativeHttpResponse {
  status: number;
  /** As {@link NativeOpen.headers}. */
  headers: string[];
  /** The first KiB of the body, at most; what is no UTF-8 in it is replaced by U+FFFD. */
  body: string;
}
