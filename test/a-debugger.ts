/** Speaks the inspector's protocol, as an editor does. */
import { SourceMap } from "node:module";

export interface TestDebugger {
  /** Where the function stands next; lines count from 0. */
  paused(): Promise<StandingAt>;
  resume(): void;
  close(): void;
}

export interface StandingAt {
  readonly url: string;
  readonly line: number;
  /** Where that is in the source, by the script's own map. */
  readonly source: { readonly url: string; readonly line: number } | undefined;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: as many shapes as there are methods
  readonly params: any;
}

/** Resolves when it is connected and would stop at a `debugger` statement. */
export async function aDebugger(port: number): Promise<TestDebugger> {
  const socket = await connected(port);
  let sent = 0;
  const send = (method: string): void => socket.send(JSON.stringify({ id: ++sent, method, params: {} }));
  const maps = new Map<string, { url: string; sourceMapURL: string }>();
  const stops: StandingAt[] = [];
  let wake: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      const { id, method, params } = JSON.parse(String(data)) as Message;
      if (id === 2) resolve();
      if (method === "Debugger.scriptParsed") maps.set(params.scriptId, params);
      if (method !== "Debugger.paused") return;
      const { scriptId, lineNumber: line, columnNumber: column } = params.callFrames[0].location;
      const { url, sourceMapURL } = maps.get(scriptId)!;
      stops.push({ url, line, source: sourceOf(sourceMapURL, line, column) });
      wake();
    };
  });
  send("Debugger.enable");
  send("Runtime.runIfWaitingForDebugger");
  await ready;
  return {
    paused: async () => {
      while (stops.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return stops.shift()!;
    },
    resume: () => send("Debugger.resume"),
    close: () => socket.close(),
  };
}

/** The thread says its port when it runs: until then there is nothing behind the door. */
async function connected(port: number): Promise<WebSocket> {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      const socket = new WebSocket(target!.webSocketDebuggerUrl);
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
      return socket;
    } catch {
      await new Promise((wake) => setTimeout(wake, 10));
    }
  }
}

function sourceOf(mapUrl: string, line: number, column: number): StandingAt["source"] {
  const [, data] = /^data:application\/json;base64,(.*)/.exec(mapUrl) ?? [];
  if (data === undefined) return undefined;
  const entry = new SourceMap(JSON.parse(Buffer.from(data, "base64").toString())).findEntry(line, column);
  return "originalSource" in entry ? { url: entry.originalSource, line: entry.originalLine } : undefined;
}
