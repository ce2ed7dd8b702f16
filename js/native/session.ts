import { Fifo } from '../data/Fifo.js';
import { reportError } from '../errors/reportError.js';
import { environment } from './environment.js';
import { EventKind, type NativeEvent, type NativeOptions, type NativeSession, type NativeSocket } from './seam.js';
import { checkSeam } from './versions.js';

/** Receives the events of one socket. */
export interface EventReceiver {
  receive(event: NativeEvent): void;
}

/** This copy's session, opened by the first socket. */
let session: NativeSession | undefined;

const receivers = new Map<number, EventReceiver>();

/** Events that wait for a task of their own, oldest first. */
const waiting = new Fifo<NativeEvent>();

/** Starts to connect; the events come to `receiver`. @throws what `NativeSession.connect` throws. */
export function connectNative(options: NativeOptions, receiver: EventReceiver): NativeSocket {
  const socket = openSession().connect(options);
  receivers.set(socket.id, receiver);
  return socket;
}

/** Opens a connection in advance. @throws what `NativeSession.prewarm` throws. */
export function prewarmNative(options: NativeOptions, lifetime: number): void {
  openSession().prewarm(options, lifetime);
}

function openSession(): NativeSession {
  if (session) return session;
  const native = environment().load();
  checkSeam(native);
  session = native.openSession(environment().key, takeEvents);
  return session;
}

/** What Metro and other bundlers add to `module` where they replace code in a running program. */
interface HotModule {
  hot?: { dispose?(callback: () => void): void };
}

// This file is about to be evaluated anew: nobody will hear the sockets of this evaluation.
if (typeof module !== 'undefined') (module as HotModule).hot?.dispose?.(() => session?.end());

/**
 * Dispatches what came in one burst, each event in a task of its own, as the standard has it: what a listener
 * resolves or awaits goes on before the next event comes.
 */
function takeEvents(): void {
  if (!session) return;
  const events = session.takeEvents();
  // We are in a task of our own: if nothing is queued, dispatch the first event now.
  const first = waiting.length === 0 ? events[0] : undefined;
  for (let i = first ? 1 : 0; i < events.length; i += 1) {
    waiting.push(events[i] as NativeEvent);
    post(dispatchNext);
  }
  if (first) dispatch(first);
}

function dispatchNext(): void {
  const event = waiting.shift();
  if (event) dispatch(event);
}

function dispatch(event: NativeEvent): void {
  const receiver = receivers.get(event[0]);
  if (!receiver) return;
  if (event[1] === EventKind.Close) receivers.delete(event[0]);
  try {
    receiver.receive(event);
  } catch (error) {
    reportError(error);
  }
}

/** Runs `task` after the current one and its microtasks. */
export function post(task: () => void): void {
  const { post: own } = environment();
  if (own) own(task);
  else if (session?.post) session.post(task);
  else environment().setTimeout(task);
}
