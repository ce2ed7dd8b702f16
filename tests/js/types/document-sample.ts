// The sample of Taro's document of connectSocket, and WeChat's older style, against this package's types.

import * as Taro from 'react-native-socket-task';

Taro.connectSocket({
  url: 'wss://example.qq.com',
  header: {
    'content-type': 'application/json',
  },
  protocols: ['protocol1'],
});

Taro.connectSocket({
  url: 'ws://echo.websocket.org/echo',
  success: function () {
    console.log('connect success');
  },
}).then((task) => {
  task.onOpen(function () {
    console.log('onOpen');
    task.send({ data: 'xxx' });
  });
  task.onMessage(function (msg) {
    console.log('onMessage: ', msg);
    task.close();
  });
  task.onError(function () {
    console.log('onError');
  });
  task.onClose(function (e) {
    console.log('onClose: ', e);
  });
});

let socketOpen = false;
const socketMsgQueue: string[] = [];
Taro.onSocketOpen(function () {
  socketOpen = true;
  for (const message of socketMsgQueue) Taro.sendSocketMessage({ data: message });
});
Taro.onSocketMessage(function (res) {
  console.log(res.data, socketOpen);
});
Taro.onSocketError(function (res) {
  console.log(res.errMsg);
});
Taro.onSocketClose(function (res) {
  console.log(res.code, res.reason);
  Taro.closeSocket();
});
