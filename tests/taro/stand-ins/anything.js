// In the place of what Taro's API asks of an app besides React Native, at its load: Expo and other native modules.
const anything = new Proxy(function () {}, {
  get: (_, name) => (name === '__esModule' ? true : name === Symbol.toPrimitive ? () => '' : anything),
  apply: () => anything,
  construct: () => anything,
});

module.exports = anything;
