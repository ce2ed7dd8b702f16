import Taro, { connectSocket, WebSocket } from 'react-native-socket-task';

const [url] = process.argv.slice(2);
if (Taro.connectSocket !== connectSocket || typeof WebSocket !== 'function') throw new Error('not the same');
connectSocket({ url }).then(
  (task) => {
    task.onOpen(() => task.send({ data: '你好' }));
    task.onMessage(({ data }) => {
      console.log(data);
      task.close();
    });
    task.onError(({ errMsg }) => console.log(errMsg));
    task.onClose(({ code }) => console.log(code));
  },
  ({ errMsg }) => console.log(errMsg),
);
