/** Reads where a script's text comes from, and writes such a map: https://tc39.es/ecma426/ */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LoadedScript } from "./loaded-scripts";

/** A place in a file; lines and columns count from 0. */
export interface Place {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Where in its source a place of the script comes from; undefined where nothing is known of it. */
export type PlaceOf = (line: number, column: number) => Place | undefined;

/** Without a map, a script is its own source. */
export function placesOf({ url, sourceMapUrl }: Pick<LoadedScript, "url" | "sourceMapUrl">): PlaceOf {
  const map = readMap(url, sourceMapUrl);
  if (!map) return (line, column) => ({ url, line, column });
  const { payload, base } = map;
  const places = new SourceMap(payload);
  const urls = new Map<string, string>();
  return (line, column) => {
    const entry = places.findEntry(line, column);
    // What is found may be the end of an earlier line.
    if (!("originalSource" in entry) || entry.generatedLine !== line) return undefined;
    const { originalSource: source, originalLine, originalColumn } = entry;
    const known = urls.get(source) ?? urlOf(source, payload.sourceRoot ?? "", base);
    urls.set(source, known);
    return { url: known, line: originalLine, column: originalColumn };
  };
}

function readMap(url: string, mapUrl: string): { payload: SourceMapPayload; base: string } | undefined {
  if (mapUrl === "") return undefined;
  try {
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(mapUrl);
    if (inline) {
      const [, base64, data = ""] = inline;
      const text = base64 ? Buffer.from(data, "base64").toString("utf8") : decodeURIComponent(data);
      return { payload: JSON.parse(text), base: url };
    }
    const base = new URL(mapUrl, url).href;
    return { payload: JSON.parse(readFileSync(fileURLToPath(base), "utf8")), base };
  } catch {
    // A map that nobody can read is none, for any debugger.
    return undefined;
  }
}

function urlOf(source: string, root: string, base: string): string {
  const whole = root === "" || source.startsWith("/") ? source : `${root.replace(/\/$/, "")}/${source}`;
  if (/^[a-z][a-z+.-]+:/i.test(whole)) return whole;
  return whole.startsWith("/") ? pathToFileURL(whole).href : new URL(whole, base).href;
}

/** By line of the text: at which column which place begins, in their order. */
export type MappedLines = readonly (readonly { readonly column: number; readonly place: Place }[])[];

/** @returns JSON; the sources' texts are in it, as not every debugger reads files */
export function writeMap(lines: MappedLines): string {
  const sources: string[] = [];
  const last = { source: 0, line: 0, column: 0 };
  const mappings = lines.map((segments) => {
    let lastColumn = 0;
    return segments.map(({ column, place }) => {
      if (!sources.includes(place.url)) sources.push(place.url);
      const source = sources.indexOf(place.url);
      const steps = [
        column - lastColumn,
        source - last.source,
        place.line - last.line,
        place.column - last.column,
      ];
      lastColumn = column;
      Object.assign(last, { source, line: place.line, column: place.column });
      return steps.map(digits).join("");
    });
  });
  return JSON.stringify({
    version: 3,
    sources,
    sourcesContent: sources.map(textOf),
    names: [],
    mappings: mappings.map((segments) => segments.join(",")).join(";"),
  });
}

function textOf(url: string): string | null {
  const path = url.startsWith("file:") ? fileURLToPath(url) : "";
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A number as the map's text has it: its sign last, five bits a letter, the lowest first. */
function digits(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = "";
  do {
    const more = rest >= 32;
    text += alphabet[(rest % 32) + (more ? 32 : 0)];
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return text;
}
