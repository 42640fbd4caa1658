/**
 * The files of the page. They are listed once and read at the start: a request can only name an entry of the list,
 * so there is no path to lead astray.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { etag } from "hono/etag";
import { typedCommand } from "../../typed/command";

interface PageFile {
  readonly type: string;
  readonly text: string;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const pageFolder = join(__dirname, "page");

export function pageRoutes(): Hono {
  const files = pageFiles();
  const routes = new Hono();
  for (const [path, { type, text }] of files) {
    // Kept by the browser, and asked for anew each time: another start may have other files.
    const headers = { "Content-Type": type, "Cache-Control": "no-cache" };
    routes.get(path, compress(), etag(), (context) => context.body(text, 200, headers));
  }
  return routes;
}

function pageFiles(): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(pageFolder)) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const path = name === "index.html" ? "/" : `/${name}`;
    files.set(path, { type, text: readFileSync(join(pageFolder, name), "utf8") });
  }
  files.set("/commands.js", { type: types[".js"]!, text: commandsModule() });
  for (const [path, text] of vendorFiles()) files.set(path, { type: types[extname(path)]!, text });
  const html = files.get("/")!;
  files.set("/", { ...html, text: withPreloads(html.text, [...files.keys()]) });
  return files;
}

/** All modules are named at once: through a slow connection each floor of imports would cost a wait of its own. */
function withPreloads(html: string, paths: readonly string[]): string {
  const modules = paths.filter((path) => extname(path) === ".js");
  const links = modules.map((path) => `    <link rel="modulepreload" href="${path}" />\n`);
  return html.replace("  </head>", `${links.join("")}  </head>`);
}

/** The commands that the page names, as the person who started it types them. */
function commandsModule(): string {
  const commands = {
    start: typedCommand("start"),
    publish: typedCommand("publish", ""),
    replay: typedCommand("replay"),
  };
  return `export const commands = ${JSON.stringify(commands)};\n`;
}

/** The libraries as their packages ship them for browsers. */
function vendorFiles(): [string, string][] {
  // Each package's browser builds lie beside its main file.
  const read = (packageName: string, file: string) =>
    readFileSync(join(dirname(require.resolve(packageName)), file), "utf8");
  return [
    ["/vendor/preact.js", read("preact", "preact.mjs")],
    // A browser cannot resolve the package's name, and an import map would have to stand inline in the page.
    ["/vendor/hooks.js", read("preact/hooks", "hooks.mjs").replace(/from\s*"preact"/g, 'from"./preact.js"')],
    ["/vendor/htm.js", read("htm", "htm.mjs")],
    ["/vendor/uplot.js", read("uplot", "uPlot.esm.js")],
    ["/vendor/uplot.css", read("uplot", "uPlot.min.css")],
  ];
}
