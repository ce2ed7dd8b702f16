/**
 * The package for tests that want no network and no native library: the same functions and classes, over connections of which
 * the test is the server. `jest.mock('react-native-socket-task', () => require('react-native-socket-task/jest'))`.
 */
import './scripted/environment.js';

export * from './api.js';
export { default } from './taro/Taro.js';
export { connections } from './scripted/ScriptedModule.js';
export type { ScriptedConnection, ScriptedFailure, ScriptedOpening } from './scripted/ScriptedConnection.js';
