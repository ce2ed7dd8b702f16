import '../../../js/native/jsi.js';
import { environment } from '../../../js/native/environment.js';
import {
  EventKind,
  YIELD,
  type NativeEvent,
  type NativeModule,
  type NativeOptions,
  type NativeSession,
  type NativeSocket,
} from '../../../js/native/seam.js';
import { host } from './host.js';
import { fail, until } from './harness.js';

/** The native half, without the JavaScript of the package on top. */
export const module: NativeModule = environment().load();

/** The server of server.mjs: its URL without a path. */
export const server = host.arguments[0] as string;

/** A session that keeps what comes. */
export class Client {
  readonly events: NativeEvent[] = [];
  /** How often `onEvent` was called. */
  calls = 0;
  /** Is told of each event, after it was kept. */
  heard: (event: NativeEvent) => void = () => {};
  readonly session: NativeSession;

  constructor(key = `client ${host.now()} ${Math.random()}`) {
    this.session = module.openSession(key, (...event) => {
      this.calls += 1;
      if (event[1] === YIELD) return fail('others have their turn without that');
      this.events.push(event);
      this.heard(event);
    });
  }

  connect(path: string, options: Partial<NativeOptions> = {}, hold = false): NativeSocket {
    return this.session.connect({ url: server + path, headers: [], protocols: [], ...options }, hold);
  }

  /** A socket that is open. */
  async open(path: string, options: Partial<NativeOptions> = {}): Promise<NativeSocket> {
    const socket = this.connect(path, options);
    await this.next(EventKind.Open, socket.id);
    return socket;
  }

  /** The next event of this kind, which is taken out of `events`. */
  async next<K extends NativeEvent[1]>(kind: K, socket?: number): Promise<Extract<NativeEvent, { 1: K }>> {
    const find = () => this.events.findIndex((event) => event[1] === kind && (socket ?? event[0]) === event[0]);
    await until(() => find() >= 0, `event ${kind} came`);
    const [event] = this.events.splice(find(), 1);
    return (event as Extract<NativeEvent, { 1: K }> | undefined) ?? fail('no event');
  }

  async nextMessage(): Promise<string | ArrayBuffer> {
    return (await this.next(EventKind.Message))[2];
  }
}

/** How many bytes there are in binary messages. */
export function binaryBytes(events: NativeEvent[]): number {
  const size = (event: NativeEvent) =>
    event[1] === EventKind.Message ? ((event[2] as ArrayBuffer).byteLength ?? 0) : 0;
  return events.reduce((sum, event) => sum + size(event), 0);
}

/** So many bytes, no two places with the same period. */
export function bytes(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const array = new Uint8Array(size);
  let state = seed;
  for (let i = 0; i < size; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    array[i] = state >>> 24;
  }
  return array;
}
