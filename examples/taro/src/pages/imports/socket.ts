import Taro, { connectSocket } from '@tarojs/taro';
import { connectByNamespace } from './namespace';

const { connectSocket: destructured } = Taro;

/** Each way in which apps write it. */
export const FORMS: Record<string, typeof connectSocket> = {
  'Taro.connectSocket': (option) => Taro.connectSocket(option),
  'import { connectSocket }': (option) => connectSocket(option),
  'const { connectSocket } = Taro': (option) => destructured(option),
  'import * as Taro': connectByNamespace,
};

/** Has a text echoed over a socket that `connect` opens. Resolves with what came back when the socket is closed. */
export function echo(connect: typeof connectSocket, url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    connect({ url, header: { 'X-Example': 'imports' } }).then((task) => {
      task.onOpen(() => task.send({ data: text }));
      task.onMessage(({ data }) => {
        received = data;
        task.close({ code: 1000, reason: 'done' });
      });
      task.onError(({ errMsg }) => reject(new Error(errMsg)));
      task.onClose(() => resolve(received));
    }, reject);
  });
}
