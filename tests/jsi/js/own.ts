/** React Native's own WebSocket, where the bundle of the benchmark has it. */
export interface OwnWebSocket {
  /** Makes one that `received` hears the messages of; returns what ends it. */
  listen(received: (data: string | ArrayBuffer) => void): () => void;
}
