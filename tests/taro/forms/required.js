const Taro = require('@tarojs/taro');

exports.connect = (option) => Taro.connectSocket(option);
