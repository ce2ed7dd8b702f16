// In the place of React Native's own class, which is the global one of an app that swaps nothing.
module.exports = globalThis.OwnWebSocket;
