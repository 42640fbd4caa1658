import { rejects, strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { KeptConnectionsHandler } from "../../publisher/wire/http-handler";

describe("publisher/wire over TLS", () => {
  let server: Server;
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function serve(to: Server, timeouts = { connectMs: 5000, answerMs: 5000 }) {
    server = to;
    server.on("connection", (socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const handler = new KeptConnectionsHandler(timeouts);
    const call = (protocol = "http:", hostname = "127.0.0.1") =>
      handler.handle({
        method: "POST",
        protocol,
        hostname,
        port: (server.address() as AddressInfo).port,
        path: "/",
        headers: {},
        body: "x",
      });
    return { handler, call };
  }

  it("verifies the server's certificate and its name", async function () {
    const dir = mkdtempSync(join(tmpdir(), "tls-"));
    try {
      const files = ["-keyout", join(dir, "key.pem"), "-out", join(dir, "cert.pem")];
      const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
      execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...files, ...subject], {
        stdio: "ignore",
      });
    } catch {
      rmSync(dir, { recursive: true });
      server = createServer().listen(0);
      if (process.env["CI"]) throw new Error("openssl is needed for this test");
      return this.skip();
    }
    const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(join(dir, name)));
    rmSync(dir, { recursive: true });
    let decrypted = 0;
    const { call } = await serve(
      createTlsServer({ key, cert }, (socket) => {
        socket.on("data", () => {
          decrypted++;
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nover TLS");
        });
      }).on("tlsClientError", () => {}),
    );

    await rejects(call("https:", "localhost"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    const trusted = getCACertificates("default");
    setDefaultCACertificates([...trusted, String(cert)]);
    try {
      await rejects(call("https:", "127.0.0.1"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
      strictEqual(decrypted, 0);
      const { response } = await call("https:", "localhost");
      strictEqual(response.body.toString(), "over TLS");
    } finally {
      setDefaultCACertificates(trusted);
    }
  });
});
