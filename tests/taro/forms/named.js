import { connectSocket } from '@tarojs/taro';

export const connect = (option) => connectSocket(option);
