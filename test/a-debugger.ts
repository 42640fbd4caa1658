/** Speaks the inspector's protocol, as an editor does. */
import { SourceMap, type SourceMapPayload } from "node:module";

export interface TestDebugger {
  /** Resolves when there is a breakpoint on this line of a source, which counts from 0. */
  breakAt(url: string, line: number): Promise<void>;
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
  readonly result?: unknown;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: as many shapes as there are methods
  readonly params: any;
}

/** Resolves when it is connected and would stop at a `debugger` statement. */
export async function aDebugger(port: number): Promise<TestDebugger> {
  const socket = await connected(port);
  let sent = 0;
  const answered = new Map<number, (result: unknown) => void>();
  const send = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      answered.set(++sent, resolve);
      socket.send(JSON.stringify({ id: sent, method, params }));
    });
  const maps = new Map<string, { url: string; sourceMapURL: string }>();
  const stops: StandingAt[] = [];
  let wake: () => void = () => {};
  let parsed: () => void = () => {};
  socket.onmessage = ({ data }) => {
    const { id, method, params, result } = JSON.parse(String(data)) as Message;
    if (id !== undefined) answered.get(id)!(result);
    if (method === "Debugger.scriptParsed") {
      maps.set(params.scriptId, params);
      parsed();
    }
    if (method !== "Debugger.paused") return;
    const { scriptId, lineNumber: line, columnNumber: column } = params.callFrames[0].location;
    const { url, sourceMapURL } = maps.get(scriptId)!;
    stops.push({ url, line, source: sourceOf(sourceMapURL, line, column) });
    wake();
  };
  await send("Debugger.enable");
  await send("Runtime.runIfWaitingForDebugger");
  return {
    breakAt: async (url, line) => {
      for (;;) {
        // No script has that name: editors look for the one whose map leads there, as soon as it is there.
        for (const script of maps.values()) {
          const place = placeIn(script.sourceMapURL, url, line);
          if (!place) continue;
          await send("Debugger.setBreakpointByUrl", { url: script.url, ...place });
          return;
        }
        await new Promise<void>((resolve) => {
          parsed = resolve;
        });
      }
    },
    paused: async () => {
      while (stops.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return stops.shift()!;
    },
    resume: () => void send("Debugger.resume"),
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

/** Maps that a script has in its own text; others have none here. */
function mapIn(mapUrl: string): (SourceMapPayload & { readonly sources: string[] }) | undefined {
  const [, data] = /^data:application\/json;base64,(.*)/.exec(mapUrl) ?? [];
  return data === undefined ? undefined : JSON.parse(Buffer.from(data, "base64").toString());
}

/** The first place in the script that comes of this line of a source. */
function placeIn(mapUrl: string, url: string, line: number) {
  const payload = mapIn(mapUrl);
  if (!payload?.sources.includes(url)) return undefined;
  const map = new SourceMap(payload);
  const lines = payload.mappings.split(";").length;
  for (let lineNumber = 0; lineNumber < lines; lineNumber++) {
    for (let columnNumber = 0; columnNumber < 200; columnNumber++) {
      const entry = map.findEntry(lineNumber, columnNumber);
      if (!("originalSource" in entry) || entry.originalSource !== url || entry.originalLine !== line)
        continue;
      if (entry.generatedLine === lineNumber && entry.generatedColumn === columnNumber)
        return { lineNumber, columnNumber };
    }
  }
  return undefined;
}

function sourceOf(mapUrl: string, line: number, column: number): StandingAt["source"] {
  const payload = mapIn(mapUrl);
  if (payload === undefined) return undefined;
  const entry = new SourceMap(payload).findEntry(line, column);
  return "originalSource" in entry ? { url: entry.originalSource, line: entry.originalLine } : undefined;
}
