// The newest task of connectSocket, which the six global functions act on, and who listens to it by them.
import type { SocketTask } from './SocketTask.js';
import type { TaskListeners } from './TaskFace.js';

/** What `onSocketOpen` and the others have registered. */
export const listeners: TaskListeners = {};

const none: TaskListeners = {};
let newest: SocketTask | undefined;

export function newestTask(): SocketTask | undefined {
  return newest;
}

/** Makes `task` the one that the global functions act on. */
export function setNewest(task: SocketTask): void {
  newest = task;
}

/** The listeners that the events of `task` go to besides its own. */
export function globalListeners(task: SocketTask): TaskListeners {
  return task === newest ? listeners : none;
}
