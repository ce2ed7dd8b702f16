// The events and their target are what Web IDL and the DOM standard say, and the platform's own classes know them.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { CloseEvent, MessageEvent, WebSocket } from 'react-native-socket-task';
import { accepting, closeFrame, frame, serveRaw } from './support/servers.mjs';
import { uncaughtErrors, until } from './support/tasks.mjs';

/** A WebSocket that gets one message and is closed, with what `listen` has registered before. */
async function hear(t: TestContext, listen: (ws: WebSocket) => void): Promise<WebSocket> {
  const { url } = await serveRaw(t, (socket, head) => {
    socket.write(Buffer.concat([accepting(head), frame(1, 'a'), closeFrame(3000, 'bye')]));
    socket.on('data', () => socket.end());
  });
  const ws = new WebSocket(url);
  listen(ws);
  await until(() => ws.readyState === ws.CLOSED, 'it is closed');
  return ws;
}

/** The members of the interface, with what each is, as enumerable on its prototype as Web IDL wants them. */
function members(prototype: object): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, { get, set, value, enumerable, writable }] of Object.entries(
    Object.getOwnPropertyDescriptors(prototype),
  )) {
    if (!enumerable) continue;
    if (get) shown[name] = set ? 'attribute' : 'readonly';
    else shown[name] = typeof value === 'function' ? 'method' : writable ? 'writable' : `constant ${String(value)}`;
  }
  return shown;
}

test('what the interfaces have: enumerable members on their prototypes, and names', () => {
  assert.deepEqual(members(MessageEvent.prototype), {
    data: 'readonly',
    origin: 'readonly',
    lastEventId: 'readonly',
    source: 'readonly',
    ports: 'readonly',
  });
  assert.deepEqual(members(CloseEvent.prototype), { code: 'readonly', reason: 'readonly', wasClean: 'readonly' });
  assert.deepEqual(members(Object.getPrototypeOf(MessageEvent.prototype) as object), {
    type: 'readonly',
    target: 'readonly',
    srcElement: 'readonly',
    currentTarget: 'readonly',
    composedPath: 'method',
    eventPhase: 'readonly',
    stopPropagation: 'method',
    cancelBubble: 'attribute',
    stopImmediatePropagation: 'method',
    bubbles: 'readonly',
    cancelable: 'readonly',
    returnValue: 'attribute',
    preventDefault: 'method',
    defaultPrevented: 'readonly',
    composed: 'readonly',
    isTrusted: 'readonly',
    timeStamp: 'readonly',
    initEvent: 'method',
    NONE: 'constant 0',
    CAPTURING_PHASE: 'constant 1',
    AT_TARGET: 'constant 2',
    BUBBLING_PHASE: 'constant 3',
  });
  const ofWebSocket = members(WebSocket.prototype);
  for (const name of ['url', 'readyState', 'protocol', 'extensions', 'bufferedAmount']) {
    assert.equal(ofWebSocket[name], 'readonly', name);
  }
  for (const name of ['binaryType', 'onopen', 'onmessage', 'onerror', 'onclose']) {
    assert.equal(ofWebSocket[name], 'attribute', name);
  }
  assert.deepEqual(
    [ofWebSocket['CONNECTING'], ofWebSocket['OPEN'], ofWebSocket['CLOSING'], ofWebSocket['CLOSED']],
    ['constant 0', 'constant 1', 'constant 2', 'constant 3'],
  );
  assert.throws(() => void ((WebSocket as { OPEN: number }).OPEN = 5), TypeError);
  const name = (value: object) => Object.prototype.toString.call(value);
  assert.equal(name(WebSocket.prototype), '[object WebSocket]');
  assert.equal(name(new MessageEvent('message')), '[object MessageEvent]');
  assert.equal(name(new CloseEvent('close')), '[object CloseEvent]');
});

test('a WebSocket shows nothing of its own', async (t) => {
  const ws = await hear(t, () => {});
  assert.deepEqual(Object.keys(ws), []);
  const seen: string[] = [];
  for (const key in ws) seen.push(key);
  assert.deepEqual(
    seen.filter((key) => key.startsWith('_')),
    [],
  );
  assert.ok(seen.includes('readyState') && seen.includes('OPEN') && seen.includes('addEventListener'));
});

test('constructors read their dictionaries', () => {
  const message = new MessageEvent('m', {
    data: 0,
    origin: 'ws://a',
    lastEventId: '7',
    ports: [1],
    bubbles: true,
    cancelable: true,
    composed: true,
  });
  const { type, data, origin, lastEventId, source, ports, bubbles, cancelable, composed } = message;
  assert.deepEqual(
    [type, data, origin, lastEventId, source, [...ports], bubbles, cancelable, composed],
    ['m', 0, 'ws://a', '7', null, [1], true, true, true],
  );
  const bare = new MessageEvent('m');
  assert.deepEqual([bare.data, bare.origin, bare.lastEventId, [...bare.ports]], [null, '', '', []]);
  const close = new CloseEvent('c', { code: 65_537, reason: 'r', wasClean: true });
  assert.deepEqual([close.code, close.reason, close.wasClean], [1, 'r', true]);
  assert.deepEqual([new CloseEvent('c').code, new CloseEvent('c', null).reason], [0, '']);
  for (const Class of [MessageEvent, CloseEvent] as Array<new (...args: unknown[]) => object>) {
    assert.throws(() => new Class(), TypeError);
    assert.throws(() => new Class('x', 5), TypeError);
  }
  assert.throws(() => void ((message as { data: unknown }).data = 1), TypeError);
});

test('an event of a connection: its phases, its path, and that it is trusted', async (t) => {
  let during: unknown[] = [];
  let kept: MessageEvent | undefined;
  const ws = await hear(t, (it) => {
    it.onmessage = (event) => {
      kept = event as MessageEvent;
      const { target, currentTarget, eventPhase, isTrusted, bubbles, cancelable } = event;
      during = [target === it, currentTarget === it, eventPhase, isTrusted, bubbles, cancelable];
      during.push(event.composedPath()[0] === it, event.composedPath().length);
      event.preventDefault();
      during.push(event.defaultPrevented, event.returnValue);
      assert.throws(() => it.dispatchEvent(event), { name: 'InvalidStateError' });
    };
  });
  assert.deepEqual(during, [true, true, 2, true, false, false, true, 1, false, true]);
  assert.ok(kept);
  assert.deepEqual([kept.target === ws, kept.currentTarget, kept.eventPhase, kept.composedPath()], [true, null, 0, []]);
  assert.equal(kept.timeStamp, kept.timeStamp);
  assert.ok(kept.timeStamp > 0 && kept.timeStamp <= performance.now());
  ws.dispatchEvent(kept);
  assert.equal(kept.isTrusted, false);
});

test('what an app dispatches: cancelled, stopped, passive, and what is no event', async (t) => {
  const ws = await hear(t, () => {});
  const event = () => new MessageEvent('app', { cancelable: true });
  const heard: string[] = [];
  const passive = (e: { preventDefault(): void }) => e.preventDefault();
  ws.addEventListener('app' as never, passive, { passive: true });
  assert.equal(ws.dispatchEvent(event()), true);
  ws.removeEventListener('app', passive);
  ws.addEventListener('app' as never, (e: any) => (heard.push('first'), e.preventDefault()));
  const first = event();
  assert.equal(ws.dispatchEvent(first), false);
  assert.deepEqual([first.defaultPrevented, first.returnValue], [true, false]);
  ws.addEventListener('app' as never, (e: any) => (heard.push('second'), e.stopImmediatePropagation()));
  ws.addEventListener('app' as never, () => heard.push('third'));
  const second = event();
  ws.dispatchEvent(second);
  ws.dispatchEvent(second);
  assert.deepEqual(heard, ['first', 'first', 'second', 'first', 'second']);
  assert.equal(second.cancelBubble, false, 'as the standard clears it after the dispatch');
  for (const other of [undefined, null, 'app', 5, {}, { type: 'app' }])
    assert.throws(() => ws.dispatchEvent(other as never), TypeError);
  for (const listener of ['no', 5, true]) {
    assert.throws(() => ws.addEventListener('app' as never, listener as never), TypeError);
  }
});

test('a listener that is registered, or removed, while an event is dispatched', async (t) => {
  const ws = await hear(t, () => {});
  const heard: string[] = [];
  const removed = () => heard.push('removed');
  ws.addEventListener('app' as never, () => {
    heard.push('first');
    ws.removeEventListener('app', removed);
    ws.addEventListener('app' as never, late);
  });
  ws.addEventListener('app' as never, removed);
  const late = () => heard.push('late');
  ws.dispatchEvent(new MessageEvent('app'));
  assert.deepEqual(heard, ['first']);
  ws.dispatchEvent(new MessageEvent('app'));
  assert.deepEqual(heard, ['first', 'first', 'late']);
});

test('a handler that is an object is kept and read back, and not called', async (t) => {
  const reported = uncaughtErrors(t);
  const handler = { handleEvent: () => assert.fail('called') };
  const ws = await hear(t, (it) => void (it.onmessage = handler as never));
  assert.equal(ws.onmessage as unknown, handler);
  assert.deepEqual(reported, []);
  // A function that is a handler and a listener is called as both.
  let heard = 0;
  const both = () => (heard += 1);
  ws.onopen = both;
  ws.addEventListener('open', both);
  ws.dispatchEvent(new MessageEvent('open'));
  assert.equal(heard, 2);
  const event = new MessageEvent('message', { cancelable: true });
  ws.onmessage = () => false;
  assert.equal(ws.dispatchEvent(event), false, 'false of a handler prevents the default');
});

test("the platform's classes know them", async (t) => {
  const events: Event[] = [];
  const ws = await hear(t, (it) => {
    for (const type of ['open', 'message', 'close'] as const) it.addEventListener(type, (e) => events.push(e as never));
  });
  assert.ok(ws instanceof EventTarget);
  assert.equal(events.length, 3);
  for (const event of [...events, new MessageEvent('m'), new CloseEvent('c')]) assert.ok(event instanceof Event);

  // Dispatched once more, on a target of the platform's own.
  const message = events[1] as Event & { data: string };
  const other = new EventTarget();
  const seen: unknown[] = [];
  other.addEventListener('message', (event) => {
    seen.push(
      event === message,
      (event as unknown as MessageEvent).data,
      event.target === other,
      event.currentTarget === other,
    );
    seen.push(event.eventPhase, event.composedPath()[0] === other);
    event.stopImmediatePropagation();
  });
  other.addEventListener('message', () => seen.push('not stopped'));
  assert.equal(other.dispatchEvent(message), true);
  assert.deepEqual(seen, [true, 'a', true, true, 2, true]);
  assert.deepEqual([message.target === other, message.currentTarget, message.eventPhase], [true, null, 0]);
  // And again on ours.
  ws.onmessage = (event) => seen.push(event.target === ws);
  ws.dispatchEvent(message as never);
  assert.equal(seen.pop(), true);
});

test('they can be printed', async (t) => {
  let printed = '';
  const ws = await hear(t, (it) => void (it.onmessage = (event) => (printed = inspect(event))));
  assert.match(printed, /^MessageEvent \{[^]*type: 'message'[^]*data: 'a'/);
  assert.match(inspect(new CloseEvent('close', { code: 7 })), /^CloseEvent \{[^]*code: 7/);
  assert.match(inspect(ws), /^WebSocket /);
});
