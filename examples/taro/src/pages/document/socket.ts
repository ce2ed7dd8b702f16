import Taro from '@tarojs/taro';

/** The sample of Taro's document of connectSocket, as it stands there. Resolves when the socket is closed. */
export function runDocument(url: string, log: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    Taro.connectSocket({
      url,
      success: function () {
        log('connect success');
      },
    }).then((task) => {
      task.onOpen(function () {
        log('onOpen');
        task.send({ data: 'xxx' });
      });
      task.onMessage(function (msg) {
        log(`onMessage: ${msg.data}`);
        task.close({});
      });
      task.onError(function () {
        log('onError');
      });
      task.onClose(function (e) {
        log(`onClose: ${e?.code} ${e?.reason}`);
        resolve();
      });
    }, reject);
  });
}
