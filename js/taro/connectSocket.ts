import { Channel } from '../channel/Channel.js';
import type { SocketOptions } from '../options/options.js';
import { withoutBlanks } from '../options/url.js';
import { isGiven, OptionError } from '../options/values.js';
import { Call, ignorable, type CallbackResult, type Callbacks } from './callbacks.js';
import { limitReached, takeSlot } from './limits.js';
import { globalListeners, setNewest } from './newest.js';
import { SocketTask } from './SocketTask.js';

/** What `success` gets: the call was accepted. Whether the socket opens, the task's events tell. */
export interface ConnectResult extends CallbackResult {
  socketTaskId: number;
  socketTask: SocketTask;
}

export interface ConnectOption extends SocketOptions, Callbacks<ConnectResult> {
  /** `ws:` or `wss:`. */
  url: string;
  /** Sub-protocols to offer, most wanted first. */
  protocols?: string | readonly string[];
  /** RFC 6455 fixes the handshake to GET; the other methods that Taro's requests know are accepted with a warning. */
  method?: string;
}

const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'];

let lastTaskId = 0;

/**
 * Starts a connection. The result's order is success, complete, the promise; or fail, complete, the rejection with
 * the same object, which does not count as unhandled when there was `fail` or `complete`.
 *
 * The task's events are held until listeners that are registered at that point, or one timer later, can hear them.
 */
export function connectSocket(option: ConnectOption): Promise<SocketTask> {
  return connect(option, false);
}

/** As {@link connectSocket}; with what Taro's own has by React Native's WebSocket: see `installWebSocket`. */
export function connectSocketOfPlatform(option: ConnectOption): Promise<SocketTask> {
  return connect(option, true);
}

function connect(option: ConnectOption, platform: boolean): Promise<SocketTask> {
  const call = new Call<ConnectResult>('connectSocket', option);
  call.run(() => {
    const socketTask = createTask(option ?? {}, platform);
    return { errMsg: socketTask.errMsg, socketTaskId: socketTask.socketTaskId, socketTask };
  });
  const promise = call.then(({ socketTask }) => socketTask);
  return call.isHeard ? ignorable(promise) : promise;
}

function createTask(option: ConnectOption, platform: boolean): SocketTask {
  const { url, protocols, method } = option;
  if (typeof url !== 'string') throw new OptionError('url', 'String');
  if (/^https?:/i.test(withoutBlanks(url))) throw new Error('the URL does not begin with ws:// or wss://');
  if (isGiven(method) && !METHODS.includes(method as string)) throw new OptionError('method', METHODS.join(', '));
  const reached = limitReached();
  if (reached) throw new Error(reached);
  const channel = new Channel(url, protocols, option, { hold: true, platform });
  if (isGiven(method) && method !== 'GET') {
    console.warn(`react-native-socket-task: a WebSocket opens with GET (RFC 6455, section 4.1), not with ${method}`);
  }
  takeSlot(channel);
  lastTaskId += 1;
  const task = new SocketTask(channel, lastTaskId, globalListeners);
  setNewest(task);
  return task;
}
