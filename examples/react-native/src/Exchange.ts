import { connectSocket, type SocketTask } from 'react-native-socket-task';

/** What the screen shows of a connection. */
export type State = 'closed' | 'connecting' | 'open' | 'closing';

/** One connection, and a log of what happened to it. The screen is `App.tsx`. */
export class Exchange {
  state: State = 'closed';
  readonly log: string[] = [];

  private task: SocketTask | undefined;

  constructor(private readonly changed: () => void = () => {}) {}

  async connect(url: string): Promise<void> {
    this.become('connecting', `connecting to ${url}`);
    let task: SocketTask;
    try {
      task = await connectSocket({ url });
    } catch (error) {
      this.become('closed', (error as Error).message);
      return;
    }
    this.task = task;
    task.onOpen(({ profile }) => this.become('open', `open after ${Math.round(profile.cost)} ms`));
    task.onMessage(({ data }) => this.note(`← ${typeof data === 'string' ? data : describe(data)}`));
    task.onError(({ errMsg, phase, code }) => this.note(`error (${phase}, ${code}): ${errMsg}`));
    task.onClose(({ code, reason, wasClean }) => {
      this.task = undefined;
      this.become('closed', `closed with ${code}${reason && ` "${reason}"`}${wasClean ? '' : ', not clean'}`);
    });
  }

  /** Sends a text or bytes; the log says whether they were handed to the operating system. */
  async send(data: string | ArrayBuffer): Promise<void> {
    const what = typeof data === 'string' ? data : describe(data);
    try {
      await this.task?.send({ data });
      this.note(`→ ${what}`);
    } catch (error) {
      this.note(`not sent: ${what}: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.become('closing', 'closing');
    void this.task?.close({ code: 1000, reason: 'done' });
  }

  private become(state: State, line: string): void {
    this.state = state;
    this.note(line);
  }

  private note(line: string): void {
    this.log.push(line);
    this.changed();
  }
}

function describe(data: ArrayBuffer): string {
  return `${data.byteLength} bytes`;
}
