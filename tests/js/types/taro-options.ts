// With the package's addition to the types of @tarojs/taro, Taro's own functions take its options.

import Taro from '@tarojs/taro';
import type {} from 'react-native-socket-task/taro/types';

export async function open(): Promise<Taro.SocketTask> {
  const option: Taro.connectSocket.Option = {
    url: 'wss://example.test/chat',
    header: { Authorization: 'Bearer' },
    protocols: ['chat'],
    timeout: 5000,
    perMessageDeflate: { level: 6 },
    pingInterval: 30_000,
    tls: { pins: 'sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
    proxy: 'system',
    origin: null,
  };
  Taro.prewarm?.({ ...option, cookies: 'system' });
  // @ts-expect-error: a number of milliseconds
  option.timeout = 'soon';
  // @ts-expect-error: there is no such option
  option.tiemout = 5000;
  return Taro.connectSocket({ url: 'wss://example.test', tcpNoDelay: true, closeTimeout: 1000 });
}
