// As React Native's set-up does, before any code of the app.
const own = require('react-native/Libraries/WebSocket/WebSocket');
globalThis.WebSocket = own.default ?? own;

globalThis.forms = {
  member: require('./member'),
  named: require('./named'),
  destructured: require('./destructured'),
  module: require('./module'),
  namespace: require('./namespace'),
  variable: require('./variable'),
  key: require('./key'),
  spread: require('./spread'),
  required: require('./required'),
};
globalThis.functions = require('./functions').functions;
