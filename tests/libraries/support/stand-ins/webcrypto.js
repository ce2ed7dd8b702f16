// What lib0 asks of isomorphic-webcrypto, a native module.
module.exports = {
  ensureSecure: () => Promise.resolve(),
  subtle: crypto.subtle,
  getRandomValues: (array) => crypto.getRandomValues(array),
};
