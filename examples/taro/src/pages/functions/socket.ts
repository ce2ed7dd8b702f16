import Taro from '@tarojs/taro';

/** The six global functions, as WeChat's samples use them. Resolves when the socket is closed. */
export function runFunctions(url: string, log: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // The functions are about the newest socket, which will be another page's after this one.
    let isOver = false;
    Taro.onSocketOpen(() => {
      if (isOver) return;
      log('onSocketOpen');
      Taro.sendSocketMessage({ data: 'hello', success: () => log('sendSocketMessage: success') });
    });
    Taro.onSocketMessage(({ data }) => {
      if (isOver) return;
      log(`onSocketMessage: ${data}`);
      Taro.closeSocket({ code: 1000, reason: 'bye' });
    });
    Taro.onSocketError(() => {
      if (!isOver) log('onSocketError');
    });
    Taro.onSocketClose((e) => {
      if (isOver) return;
      isOver = true;
      log(`onSocketClose: ${e?.code} ${e?.reason}`);
      resolve();
    });
    Taro.connectSocket({ url }).catch(reject);
  });
}
