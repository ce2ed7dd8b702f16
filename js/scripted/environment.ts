import { setEnvironment } from '../native/environment.js';
import { scriptedModule } from './ScriptedModule.js';

// Of when the module was loaded: fake timers hold nothing back.
const { setTimeout, clearTimeout } = globalThis;

setEnvironment({
  key: 'scripted',
  load: () => scriptedModule,
  setTimeout: (task, delay = 0) => setTimeout(task, delay),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  binaryType: 'arraybuffer',
});
