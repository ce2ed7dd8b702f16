import socket from '@tarojs/taro-rn/dist/lib/connectSocket';

export const connect = (option) => socket.connectSocket(option);
