import { headerObject, nativeNumbers, type ErrorCode, type ErrorPhase, type HeaderObject } from '../channel/failure.js';
import { utf8Length } from '../data/utf8.js';
import { EventKind, type NativeOptions, type NativeSocket, type RefusalCode } from '../native/seam.js';

// Of when the module was loaded: fake timers hold nothing back.
const { setTimeout } = globalThis;

/** Tells the app's side of an event: its kind, and what the kind carries. */
export type Tell = (kind: EventKind, ...carried: unknown[]) => void;

/** What the server says when it opens the WebSocket. */
export interface ScriptedOpening {
  /** Default: the first that was offered, or ''. */
  protocol?: string;
  /** Default: ''. */
  extensions?: string;
  /** Header fields of the response: name, value, name, value, … */
  headers?: string[];
}

/** Why a connection fails. */
export interface ScriptedFailure {
  /** Default: `tcp` before it is open, `closed` afterwards. */
  phase?: ErrorPhase;
  /** Default: `connection-refused` before it is open, `connection-reset` afterwards. */
  code?: ErrorCode;
  message?: string;
  /** With `http-status`: the server's answer. */
  response?: { status: number; headers?: string[]; body?: string };
}

const NO_TIMES = {
  ...{ dnsStart: 0, dnsEnd: 0, tcpStart: 0, tcpEnd: 0, proxyStart: 0, proxyEnd: 0 },
  ...{ tlsStart: 0, tlsEnd: 0, handshakeStart: 0, handshakeEnd: 0 },
};

/**
 * A connection whose server is the test. What the test makes happen reaches the app's listeners before the call returns; what the app
 * does is answered as a server would, in a later task: pings by pongs, `close` by the closing handshake.
 */
export class ScriptedConnection {
  /** As the URL Standard serializes it. */
  readonly url: string;
  /** Header fields that the app has given. */
  readonly headers: HeaderObject;
  /** Sub-protocols that were offered. */
  readonly protocols: readonly string[];
  /** What the app has sent so far: strings, and copies of its bytes. */
  readonly sent: Array<string | ArrayBuffer> = [];
  readyState: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  /** What the app has closed it with. */
  closedByApp: { code: number | undefined; reason: string } | undefined;

  private bytesSent = 0;
  private messagesReceived = 0;
  private bytesReceived = 0;

  /** @internal */
  constructor(
    { url, headers, protocols }: NativeOptions,
    private readonly tell: Tell,
  ) {
    this.url = url;
    this.headers = headerObject(headers);
    this.protocols = protocols;
  }

  /** The server accepts. */
  open({ protocol = this.protocols[0] ?? '', extensions = '', headers = [] }: ScriptedOpening = {}): void {
    this.must('connecting', 'open');
    this.readyState = 'open';
    const remoteAddress = '192.0.2.1:443';
    const tls = { tlsVersion: '', tlsCipher: '', tlsResumed: false };
    const open = { headers, protocol, extensions, remoteAddress, ...tls, profile: NO_TIMES, attempt: 0 };
    this.tell(EventKind.Open, open);
  }

  /** The server sends a message: a string, an ArrayBuffer, or any view of one. */
  message(data: string | ArrayBuffer | ArrayBufferView): void {
    this.must('open', 'send a message');
    this.messagesReceived += 1;
    this.bytesReceived += typeof data === 'string' ? utf8Length(data) : data.byteLength;
    this.tell(EventKind.Message, typeof data === 'string' ? data : copy(data));
  }

  /** The server closes: with a Close frame, without a code in it if there is none here. */
  close(code = 1005, reason = ''): void {
    this.must('open', 'close');
    this.end(code, reason, true);
  }

  /** It cannot be made, or is lost: an error, then a close event with 1006. */
  fail(failure: ScriptedFailure = {}): void {
    if (this.readyState === 'closed') throw new Error('the connection is closed: it cannot fail');
    const isOpen = this.readyState !== 'connecting';
    const { phase = isOpen ? 'closed' : 'tcp', code = isOpen ? 'connection-reset' : 'connection-refused' } = failure;
    const { message = `${phase}: ${code}`, response } = failure;
    this.tell(EventKind.Error, {
      ...nativeNumbers(phase, code),
      osError: 0,
      message,
      ...(response && { response: { headers: [], body: '', ...response } }),
    });
    this.end(1006, '', false);
  }

  private end(code: number, reason: string, wasClean: boolean): void {
    this.readyState = 'closed';
    this.tell(EventKind.Close, code, reason, wasClean);
  }

  private must(state: 'connecting' | 'open', what: string): void {
    if (this.readyState !== state) throw new Error(`the connection is ${this.readyState}: the server cannot ${what}`);
  }

  /** What the app's side has of it. @internal */
  socket(id: number, release: () => void): NativeSocket {
    const send = (data: string | ArrayBuffer, size: number) => {
      if (this.readyState !== 'open') throw refusal('invalid-state', 'the connection is not open');
      this.sent.push(data);
      this.bytesSent += size;
      const number = this.sent.length;
      setTimeout(() => this.tell(EventKind.Drain, number));
      return size;
    };
    const nothing = () => {};
    return {
      ...{
        id,
        release,
        deliver: nothing,
        pause: nothing,
        resume: nothing,
        probe: nothing,
        hide: nothing,
        show: nothing,
      },
      ...{ answerCookies: nothing, answerRefresh: nothing, failRefresh: nothing, answerReconnect: nothing },
      sendText: (text) => send(text, utf8Length(text)),
      sendBinary: (buffer, offset, length) => void send(buffer.slice(offset, offset + length), length),
      ping: (buffer, offset, length) => {
        if (this.readyState !== 'open') throw refusal('invalid-state', 'the connection is not open');
        const data = buffer.slice(offset, offset + length);
        setTimeout(() => this.tell(EventKind.Pong, data, 0));
      },
      close: (code, reason) => this.closeByApp(code, reason),
      bufferedAmount: () => 0,
      stats: () => ({
        messagesSent: this.sent.length,
        messagesReceived: this.messagesReceived,
        bytesSent: this.bytesSent,
        bytesReceived: this.bytesReceived,
        reconnects: 0,
      }),
    };
  }

  private closeByApp(code: number | undefined, reason: string): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    const wasOpen = this.readyState === 'open';
    this.readyState = 'closing';
    this.closedByApp = { code, reason };
    setTimeout(() => {
      if (this.readyState !== 'closing') return;
      if (wasOpen) this.end(code ?? 1005, reason, true);
      else this.end(1006, '', false);
    });
  }
}

function copy(data: ArrayBuffer | ArrayBufferView): ArrayBuffer {
  if (!ArrayBuffer.isView(data)) return data.slice(0);
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
}

/** What a native half throws. @internal */
export function refusal(code: RefusalCode, message: string): Error {
  return Object.assign(new Error(message), { code });
}
