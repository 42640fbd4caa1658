/** The texts of the program's modules as Node has loaded them: what the functions that Pulumi writes down were cut out of. */
import { Session } from "node:inspector";
import { fileURLToPath } from "node:url";

export interface LoadedScript {
  /** `file:///…` */
  readonly url: string;
  readonly text: string;
  /** Empty where it has none. */
  readonly sourceMapUrl: string;
}

/** Of packages, a closure holds only what says that it is to be taken by value; all else of them is required. */
function mayBeCaptured(url: string): boolean {
  const path = fileURLToPath(url);
  if (!/[/\\]node_modules[/\\]/.test(path)) return true;
  const exports = require.cache[path]?.exports as { deploymentOnlyModule?: unknown } | undefined;
  return exports?.deploymentOnlyModule === true;
}

/** All of them that this process has by now. */
export function loadedScripts(): LoadedScript[] {
  const found: LoadedScript[] = [];
  const session = new Session();
  session.connect();
  session.on("Debugger.scriptParsed", ({ params: { scriptId, url, sourceMapURL = "" } }) => {
    if (!url.startsWith("file:///") || !mayBeCaptured(url)) return;
    session.post("Debugger.getScriptSource", { scriptId }, (_error, answer) => {
      if (answer) found.push({ url, text: answer.scriptSource, sourceMapUrl: sourceMapURL });
    });
  });
  session.post("Debugger.enable");
  session.disconnect();
  return found;
}
