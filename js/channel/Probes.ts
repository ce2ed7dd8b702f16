import type { ByteRange } from '../data/bytes.js';
import { byteRange } from '../data/bytes.js';
import { utf8Encode } from '../data/utf8.js';
import { domException } from '../errors/exceptions.js';
import { environment } from '../native/environment.js';
import { amount } from '../options/values.js';

export interface ProbeOption {
  /** How long the answer may take, in milliseconds. Default 5 000. */
  timeout?: number;
}

export interface ProbeResult {
  /** Milliseconds from the question to the answer. */
  rtt: number;
}

const TIMEOUT = 5_000;

/** The longest that a timer of JavaScript waits. */
const LONGEST = 2 ** 31 - 1;

/** What tells the pongs to a probe from those to the app's pings. */
const MARK = 'socket-task probe ';

interface Question {
  asked: number;
  answer(rtt: number): void;
  fail(error: Error): void;
}

/** Questions for a sign of life that wait for their pongs. */
export class Probes {
  /** By their numbers, the oldest first. */
  private readonly questions = new Map<number, Question>();
  private last = 0;

  /** Asks by `ping`. What the promise tells is all that comes of it. It may be ignored. */
  ask(option: ProbeOption | null | undefined, ping: (data: ByteRange) => void): Promise<ProbeResult> {
    const number = (this.last += 1);
    const result = new Promise<ProbeResult>((resolve, reject) => {
      const timeout = amount(option?.timeout ?? TIMEOUT, 'timeout');
      ping(byteRange(utf8Encode(MARK + number)) as ByteRange);
      const { setTimeout, clearTimeout } = environment();
      const error = domException('TimeoutError', `no answer was read within ${timeout} ms`);
      const fail = (why: Error) => {
        if (this.questions.delete(number)) reject(why);
      };
      // What has come by then, while this thread was busy perhaps, is told first.
      const timer = setTimeout(() => setTimeout(() => fail(error)), Math.min(timeout, LONGEST));
      const answer = (rtt: number) => {
        clearTimeout(timer);
        this.questions.delete(number);
        resolve({ rtt });
      };
      this.questions.set(number, { asked: Date.now(), answer, fail: (why) => (clearTimeout(timer), fail(why)) });
    });
    result.catch(() => {});
    return result;
  }

  /**
   * Whether `pong` answers a probe, and with it all earlier ones: a peer may answer the last ping alone (RFC 6455, section
   * 5.5.3). `rtt` is as measured natively; negative if it was not.
   */
  take(pong: ArrayBuffer, rtt: number): boolean {
    if (this.last === 0 || pong.byteLength > MARK.length + 16) return false;
    const text = String.fromCharCode(...new Uint8Array(pong));
    if (!text.startsWith(MARK)) return false;
    const answered = Number(text.slice(MARK.length));
    if (!(answered <= this.last)) return false;
    for (const [number, { asked, answer }] of this.questions) {
      if (number < answered || rtt < 0) answer(Math.max(Date.now() - asked, 0));
      else if (number === answered) answer(rtt);
      if (number >= answered) break;
    }
    return true;
  }

  /** No answer can come any more. */
  end(why: string): void {
    for (const { fail } of this.questions.values()) fail(domException('NetworkError', why));
  }
}
