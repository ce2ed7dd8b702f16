// Programs written against the types of @tarojs/taro compile with this package's functions in the place of Taro's.

import type Taro from '@tarojs/taro';
import {
  closeSocket,
  connectSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
  type SocketTask,
} from 'react-native-socket-task';

/** Each function can stand in for Taro's. */
export const replacement: Pick<
  Taro.TaroStatic,
  | 'connectSocket'
  | 'onSocketOpen'
  | 'onSocketMessage'
  | 'onSocketError'
  | 'onSocketClose'
  | 'sendSocketMessage'
  | 'closeSocket'
> = { connectSocket, onSocketOpen, onSocketMessage, onSocketError, onSocketClose, sendSocketMessage, closeSocket };

/** Taro's options, unchanged, in; Taro's task out. */
export async function open(option: Taro.connectSocket.Option): Promise<Taro.SocketTask> {
  const task: SocketTask = await connectSocket(option);
  return task;
}

/** A program's own wrapper around the types of Taro. */
export class Chat {
  private task?: Taro.SocketTask;

  async connect(header: TaroGeneral.IAnyObject): Promise<void> {
    const option: Taro.connectSocket.Option = {
      url: 'wss://example.test/chat',
      header,
      protocols: ['chat'],
      tcpNoDelay: true,
      success: (res: TaroGeneral.CallbackResult) => console.log(res.errMsg),
      fail: (res: TaroGeneral.CallbackResult) => console.log(res.errMsg),
      complete: (res: TaroGeneral.CallbackResult) => console.log(res.errMsg),
    };
    this.task = await connectSocket(option);
    const onOpen: Taro.SocketTask.OnOpenCallback = ({ header }) => console.log(header['Set-Cookie']);
    const onMessage: Taro.SocketTask.OnMessageCallback<string> = ({ data }) => console.log(data.length);
    const onError: Taro.SocketTask.OnErrorCallback = ({ errMsg }) => console.log(errMsg);
    const onClose: Taro.SocketTask.OnCloseCallback = ({ code, reason }) => console.log(code, reason);
    this.task.onOpen(onOpen);
    this.task.onMessage(onMessage);
    this.task.onMessage<ArrayBuffer>(({ data }) => console.log(data.byteLength));
    this.task.onError(onError);
    this.task.onClose(onClose);
  }

  send(option: Taro.SocketTask.SendOption): void {
    if (this.task?.readyState === this.task?.OPEN) this.task?.send(option);
  }

  leave(option: Taro.SocketTask.CloseOption): void {
    this.task?.close(option);
    this.task?.ws.close();
  }
}

/** The same with this package's task. */
export async function direct(send: Taro.SocketTask.SendOption, close: Taro.SocketTask.CloseOption): Promise<number> {
  const task = await connectSocket({ url: 'wss://example.test' });
  const onMessage: Taro.SocketTask.OnMessageCallback = ({ data }) => console.log(data);
  task.onMessage(onMessage);
  const { errMsg }: TaroGeneral.CallbackResult = await task.send(send);
  console.log(errMsg);
  await task.close(close);
  return task.socketTaskId;
}
