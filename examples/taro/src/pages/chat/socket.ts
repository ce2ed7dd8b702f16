import Taro from '@tarojs/taro';

export interface ChatEvents {
  onState(isOpen: boolean): void;
  onText(text: string): void;
  onImage(bytes: ArrayBuffer): void;
  onLog(line: string): void;
}

/** One conversation with a server, which can be begun again when its connection is gone. */
export class Chat {
  private task?: Taro.SocketTask;

  constructor(
    private readonly url: string,
    private readonly events: ChatEvents,
  ) {}

  /** Connects, after the connection that there may be was closed. */
  async connect(): Promise<void> {
    this.close();
    const { onState, onText, onImage, onLog } = this.events;
    onLog(`connecting to ${this.url}`);
    const task = await Taro.connectSocket({ url: this.url, header: { 'X-Example': 'chat' } });
    this.task = task;
    task.onOpen(() => {
      onLog('open');
      onState(true);
    });
    // Taro's types know texts only.
    task.onMessage(({ data }: { data: string | ArrayBuffer }) => {
      if (typeof data === 'string') onText(data);
      else onImage(data);
    });
    task.onError(({ errMsg }) => onLog(`error: ${errMsg}`));
    task.onClose(({ code, reason }) => {
      onLog(`closed: ${code} ${reason}`);
      if (this.task !== task) return;
      this.task = undefined;
      onState(false);
    });
  }

  sendText(text: string): void {
    this.send(text, `sent ${text.length} characters`);
  }

  sendImage(bytes: ArrayBuffer): void {
    this.send(bytes, `sent an image of ${bytes.byteLength} bytes`);
  }

  close(): void {
    this.task?.close({ code: 1000, reason: 'bye' });
  }

  private send(data: string | ArrayBuffer, done: string): void {
    const { onLog } = this.events;
    if (!this.task) return onLog('not connected');
    this.task.send({ data, success: () => onLog(done), fail: ({ errMsg }) => onLog(errMsg) });
  }
}
