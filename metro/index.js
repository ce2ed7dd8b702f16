// What Metro resolves to others, answered with this package: see docs/taro.md and index.d.ts. Nothing is required besides
// Node's own modules, so that it runs wherever Metro does.
'use strict';

const path = require('path');

const library = (...names) => path.join(__dirname, '..', ...names);

/** The file that a module is, and by which option what is put in its place. */
const REPLACEMENTS = {
  taro: {
    file: /[\\/]@tarojs[\\/]taro-rn[\\/](?:dist|src)[\\/]lib[\\/]connectSocket[\\/]index\.[jt]s$/,
    replacement: library('lib', 'cjs', 'taro-rn.js'),
  },
  global: {
    file: /[\\/]react-native[\\/]Libraries[\\/]WebSocket[\\/]WebSocket\.js$/,
    replacement: library('metro', 'WebSocket.js'),
  },
};

const DEFAULTS = { taro: true, global: false };

function withSocketTask(config, options = {}) {
  if (typeof options !== 'object' || (options !== null && Symbol.iterator in options)) {
    throw new TypeError('withSocketTask: the options should be an object, as { global: true }');
  }
  const given = { ...DEFAULTS, ...options };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw new TypeError(`withSocketTask: there is no option ${name}`);
    if (typeof value !== 'boolean') throw new TypeError(`withSocketTask: ${name} should be a Boolean`);
  }
  const replacements = Object.keys(REPLACEMENTS)
    .filter((name) => given[name])
    .map((name) => REPLACEMENTS[name]);
  return wrap(config, replacements);
}

/** Wraps each form in which Metro takes its configuration; what comes out has the same form. */
function wrap(config, replacements) {
  if (typeof config === 'function') return (...args) => wrap(config(...args), replacements);
  if (typeof config?.then === 'function') return config.then((settled) => wrap(settled, replacements));
  if (typeof config !== 'object' || config === null) {
    throw new TypeError('withSocketTask: give the finished configuration of Metro: an object, a promise or a function');
  }
  const resolver = config.resolver ?? {};
  const resolveRequest = (context, ...request) => {
    // Metro's own resolver, where the configuration has none.
    const resolve = resolver.resolveRequest ?? context.resolveRequest;
    const resolution = resolve(context, ...request);
    const found = replacements.find(({ file }) => resolution?.type === 'sourceFile' && file.test(resolution.filePath));
    return found ? { type: 'sourceFile', filePath: found.replacement } : resolution;
  };
  return { ...config, resolver: { ...resolver, resolveRequest } };
}

module.exports = { withSocketTask };
