import { reportError } from '../errors/reportError.js';
import { environment, type Context } from './environment.js';
import {
  EventKind,
  YIELD,
  type NativeModule,
  type NativeOptions,
  type NativeSession,
  type NativeSocket,
} from './seam.js';
import { checkSeam } from './versions.js';

/** Receives the events of one socket. */
export interface EventReceiver {
  /** `a`, `b` and `c` are what `NativeEvent` has after the kind. */
  receive(kind: EventKind, a: unknown, b: unknown, c: unknown): void;
}

/** The native half, loaded when it is needed. */
let native: NativeModule | undefined;

/** This copy's session, opened by the first socket. */
let session: NativeSession | undefined;

/** Who receives the events of a socket, in which context, by the socket's id. */
const receivers = new Map<number, { receiver: EventReceiver; context: Context | undefined }>();

/** Starts to connect; the events come to `receiver`. `hold` as for, and @throws what, `NativeSession.connect` does. */
export function connectNative(options: NativeOptions, hold: boolean, receiver: EventReceiver): NativeSocket {
  const socket = openSession().connect(options, hold);
  receivers.set(socket.id, { receiver, context: environment().keepContext?.() });
  return socket;
}

/** Gives `socket` back: nobody receives its events any more. */
export function releaseNative(socket: NativeSocket): void {
  receivers.delete(socket.id);
  socket.release();
}

/** Opens a connection in advance. @throws what `NativeSession.prewarm` throws. */
export function prewarmNative(options: NativeOptions, lifetime: number): void {
  openSession().prewarm(options, lifetime);
}

/** A URL as the URL Standard serializes it. @throws what `NativeModule.serializeUrl` throws. */
export function serializeUrl(url: string): string {
  return loadNative().serializeUrl(url);
}

/** The id in events that are of no socket. */
const NO_SOCKET = 0;

/** Lets lines of the library's log up to `level` come to `receiver`; without one, none come. @throws what `NativeSession.setLog` throws. */
export function logNative(level: number, receiver?: EventReceiver): void {
  // Nobody needs the native half to hear nothing of it.
  if (!receiver && !session) return;
  receivers.delete(NO_SOCKET);
  openSession().setLog(receiver ? level : 0);
  if (receiver) receivers.set(NO_SOCKET, { receiver, context: environment().keepContext?.() });
}

function loadNative(): NativeModule {
  if (native) return native;
  const loaded = environment().load();
  checkSeam(loaded);
  native = loaded;
  return native;
}

function openSession(): NativeSession {
  session ??= loadNative().openSession(environment().key, takeEvent);
  return session;
}

/** What Metro and other bundlers add to `module` where they replace code in a running program. */
interface HotModule {
  hot?: { dispose?(callback: () => void): void };
}

// This file is about to be evaluated anew: nobody will hear the sockets of this evaluation.
if (typeof module !== 'undefined') (module as HotModule).hot?.dispose?.(end);

function end(): void {
  session?.end();
  receivers.clear();
}

/**
 * Gets each event in a task of its own, as the standard has it: what a listener resolves or awaits goes on before the next
 * event comes. This is the path of every message: it makes nothing.
 */
function takeEvent(id: number, kind: EventKind | typeof YIELD, a?: unknown, b?: unknown, c?: unknown): void {
  if (kind === YIELD) return goOnLater();
  const entry = receivers.get(id);
  if (!entry) return;
  if (kind === EventKind.Close) receivers.delete(id);
  const { receiver, context } = entry;
  try {
    if (context) context.runInAsyncScope(receiver.receive, receiver, kind, a, b, c);
    else receiver.receive(kind, a, b, c);
  } catch (error) {
    reportError(error);
  }
}

function goOnLater(): void {
  const { setImmediate, setTimeout } = environment();
  (setImmediate ?? setTimeout)(goOn);
}

function goOn(): void {
  session?.goOn?.();
}
