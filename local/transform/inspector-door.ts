/**
 * Where a debugger finds a function: one port that stays, in front of the thread's own, which comes and goes. So it is
 * known whether anybody is there. It hands on what it gets; whom Node's inspector refuses, that refuses.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { listen } from "../listen";

export class InspectorDoor {
  private target: number | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly debuggers = new Set<Socket>();
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly server: Server,
    private awaited: boolean,
  ) {
    server.on("connection", (socket) => this.connect(socket));
  }

  /**
   * @param waits whether the function is loaded when a debugger has come, and not before
   * @throws the system's error where it cannot listen, such as code `EADDRINUSE`
   */
  static async open(port: number, waits = false): Promise<InspectorDoor> {
    const server = createServer();
    const door = new InspectorDoor(server, waits);
    await listen(server, port, "127.0.0.1");
    // A run does not go on because of it.
    server.unref();
    return door;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Whether the function waits for a debugger that has not come yet. */
  get isAwaited(): boolean {
    return this.awaited;
  }

  /** Whether a person may let the function stand still, so that its time does, too. */
  get holdsTime(): boolean {
    return this.awaited || this.debuggers.size > 0;
  }

  /** Tells when `holdsTime` may have changed. @returns how to stop that */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** From now on to this port of the thread; those who talk to an earlier one go on. */
  leadTo(port: number): void {
    this.target = port;
  }

  /** Lets all debuggers go: a thread that stands at a breakpoint goes on, and can be ended. */
  release(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.release();
    await new Promise((closed) => this.server.close(closed));
  }

  private connect(socket: Socket): void {
    if (this.target === undefined) return void socket.destroy();
    const inner = connect(this.target, "127.0.0.1");
    for (const one of [socket, inner]) {
      this.sockets.add(one);
      // Who breaks off is gone; the other end is closed below.
      one.on("error", () => {});
      one.once("close", () => this.sockets.delete(one));
    }
    socket.once("data", (head) => {
      if (/^upgrade: websocket\r$/im.test(head.toString("latin1"))) this.count(socket);
      inner.write(head);
      socket.pipe(inner);
    });
    inner.pipe(socket);
    socket.once("close", () => inner.destroy());
    inner.once("close", () => socket.destroy());
  }

  private count(socket: Socket): void {
    const tell = (): void => {
      for (const listener of this.listeners) listener();
    };
    this.awaited = false;
    this.debuggers.add(socket);
    tell();
    socket.once("close", () => {
      this.debuggers.delete(socket);
      tell();
    });
  }
}
