/** The seam on Node: the addon in `node/`, which binds the core with Node-API. */
import addon from './addon.cjs';
import { setEnvironment } from './environment.js';

setEnvironment({
  key: addon.key,
  load: addon.load,
  setTimeout: addon.setTimeout,
  clearTimeout: addon.clearTimeout,
  setImmediate: addon.setImmediate,
  keepContext: addon.keepContext,
  domainToASCII: addon.domainToASCII,
  // The standard's default. (React Native's Blob cannot be made from bytes.)
  binaryType: 'blob',
});
