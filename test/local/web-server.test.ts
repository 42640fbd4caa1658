import assert from "node:assert/strict";
import { startWebServer } from "../../local/web-server";

describe("a web server of the local run", () => {
  it("answers, and leaves the process's own Request and Response alone", async () => {
    const { Request, Response } = globalThis;
    const server = await startWebServer(() => new Response("here"), { port: 0 });

    const text = await (await fetch(server.url)).text();
    await server.close();

    assert.equal(text, "here");
    assert.equal(globalThis.Request, Request);
    assert.equal(globalThis.Response, Response);
  });
});
