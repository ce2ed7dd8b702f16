import { EventKind, type NativeEvent, type NativeOptions, type NativeSession, type NativeSocket } from './seam.js';
import { environment } from './environment.js';
import { reportError } from '../errors/reportError.js';

/** Receives the events of one socket. */
export interface EventReceiver {
  receive(event: NativeEvent): void;
}

/** This module instance's session, opened by the first socket. */
let session: NativeSession | undefined;

const receivers = new Map<number, EventReceiver>();

/** Events that wait for a task of their own, oldest first. */
const waiting: NativeEvent[] = [];

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
  return (session ??= environment().load().openSession(environment().key, takeEvents));
}

/**
 * Dispatches what came in one burst, each event in a task of its own, as the standard has it: what a listener
 * resolves or awaits goes on before the next event comes.
 */
function takeEvents(): void {
  if (!session) return;
  const events = session.takeEvents();
  // This call is a task already: an event that finds none before it need not wait.
  const first = waiting.length === 0 ? events.shift() : undefined;
  for (const event of events) {
    waiting.push(event);
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
