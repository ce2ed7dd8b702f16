// In a file of its own: beside another import of the same module Taro's preset loses it.
import * as AllOfTaro from '@tarojs/taro';

export const connectByNamespace: typeof AllOfTaro.connectSocket = (option) => AllOfTaro.connectSocket(option);
