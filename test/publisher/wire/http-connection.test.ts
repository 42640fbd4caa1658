import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Timeouts } from "../../../publisher/wire/http-connection";
import { KeptConnectionsHandler } from "../../../publisher/wire/http-handler";

describe("publisher/wire/http-connection", () => {
  describe("over a socket", () => {
    let server: Server;
    const sockets: Socket[] = [];

    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });

    async function serve(to: Server, timeouts: Timeouts = { connectMs: 5000, answerMs: 5000 }) {
      server = to;
      server.on("connection", (socket) => sockets.push(socket));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const handler = new KeptConnectionsHandler(timeouts);
      const call = (protocol = "http:", hostname = "127.0.0.1", at = server) =>
        handler.handle({
          method: "POST",
          protocol,
          hostname,
          port: (at.address() as AddressInfo).port,
          path: "/",
          headers: {},
          body: "x",
        });
      return { handler, call };
    }

    it("keeps a connection for the next call and opens another when the server has closed it", async () => {
      let connections = 0;
      const { handler, call } = await serve(
        createServer((socket) => {
          connections++;
          let calls = 0;
          socket.on("data", () => {
            const close = ++calls === 2;
            socket.write(
              `HTTP/1.1 200 OK\r\n${close ? "Connection: close\r\n" : ""}Content-Length: 1\r\n\r\n${connections}`,
            );
          });
        }),
      );

      const answers = [];
      for (let n = 0; n < 3; n++) answers.push((await call()).response.body.toString());
      handler.destroy();

      deepStrictEqual(answers, ["1", "1", "2"]);
    });

    it("keeps the half of an answer that is there while the other half is read into the same memory", async () => {
      const { handler, call } = await serve(
        createServer((socket) => {
          socket.on("data", async () => {
            socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n${"a".repeat(100)}`);
            for (const letter of ["b", "c"]) {
              // The client runs in this process too: by then it has read what was written.
              for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
              socket.write(letter.repeat(100));
            }
          });
        }),
      );

      const { response } = await call();
      handler.destroy();

      strictEqual(
        response.body.toString(),
        "abc".replace(/./g, (letter) => letter.repeat(100)),
      );
    });

    it("says that no answer came in time, by a code that stands for a lost answer", async () => {
      const { call } = await serve(
        createServer(() => {}),
        { connectMs: 5000, answerMs: 20 },
      );

      await rejects(call(), { code: "ETIMEDOUT" });
    });

    it("keeps a connection that was silent between two calls, and waits for the next answer as long as for the first", async () => {
      const timeouts = { connectMs: 5000, answerMs: 20 };
      const silent = await serve(
        createServer(() => {}),
        timeouts,
      );
      const first = server;
      let calls = 0;
      const { handler, call } = await serve(
        createServer((socket) => {
          socket.on("data", () => {
            if (++calls < 3) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${calls}`);
          });
        }),
        timeouts,
      );
      const answers = [(await call()).response.body.toString()];
      // It begins to wait later than the first connection is silent: when it gives up, that one was silent as long.
      await rejects(silent.call("http:", "127.0.0.1", first), { code: "ETIMEDOUT" });

      answers.push((await call()).response.body.toString());
      await rejects(call(), { code: "ETIMEDOUT" });
      handler.destroy();
      first.close(); // Its socket ends with the others, behind the test.

      deepStrictEqual([answers, sockets.length], [["1", "2"], 2]);
    });

    it("gives up on an answer that comes byte by byte without end", async () => {
      let nowMs = 0;
      const { call } = await serve(
        createServer((socket) => {
          socket.on("error", () => {});
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
          let left = 100;
          const drip = () => {
            nowMs += 1000;
            if (left-- > 0) socket.write("x", () => setImmediate(drip));
            else socket.end();
          };
          drip();
        }),
        { connectMs: 60_000, answerMs: 60_000, now: () => nowMs },
      );

      await rejects(call(), { code: "ETIMEDOUT" });
    });
  });
});
