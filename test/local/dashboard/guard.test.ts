import assert from "node:assert/strict";
import { request } from "node:http";
import { isOwnHost } from "../../../local/loopback";
import { DashboardOfTest } from "./dashboard-of-test";

describe("the dashboard's guard", () => {
  let dashboard: DashboardOfTest;
  beforeEach(async () => {
    dashboard = await new DashboardOfTest().start();
  });
  afterEach(() => dashboard.close());

  /** Status of a request with any method and headers; fetch would not let a test set Host. */
  function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<number> {
    return new Promise((resolve, reject) => {
      request(dashboard.url + path, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on("error", reject)
        .end();
    });
  }

  for (const host of [
    "evil.example",
    "evil.example:5601",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "[::2]",
  ]) {
    it(`refuses the foreign Host ${host} on the page and the API`, async () => {
      assert.equal(await ask("/", { host }), 403);
      assert.equal(await ask("/api/search", { host }), 403);
      assert.equal(await ask("/api/live", { host }), 403);
    });
  }

  for (const host of ["localhost", "localhost:1", "127.0.0.1:5601", "[::1]:5601", "LOCALHOST:5601"]) {
    it(`answers to its own Host ${host}`, async () => {
      assert.equal(await ask("/api/status", { host }), 200);
    });
  }

  for (const origin of ["http://evil.example", "null", "https://localhost:5601", "http://localhost:9999"]) {
    it(`refuses the foreign Origin ${origin}`, async () => {
      assert.equal(await ask("/api/status", { host: "localhost:5601", origin }), 403);
    });
  }

  it("answers to its own Origin", async () => {
    const headers = { host: "localhost:5601", origin: "http://localhost:5601" };
    assert.equal(await ask("/api/status", headers), 200);
  });

  for (const site of ["cross-site", "same-site", "", "Same-Origin", "same-origin, cross-site"]) {
    it(`refuses what a page of another site asks for: Sec-Fetch-Site ${JSON.stringify(site)}`, async () => {
      for (const path of ["/", "/main.js", "/api/count?q=a", "/api/search", "/api/live", "/api/export"])
        assert.equal(await ask(path, { "sec-fetch-site": site }), 403, path);
    });
  }

  for (const site of ["same-origin", "none"]) {
    it(`answers Sec-Fetch-Site ${site}`, async () => {
      for (const path of ["/", "/api/count", "/api/status"])
        assert.equal(await ask(path, { "sec-fetch-site": site }), 200, path);
    });
  }

  it("lets a link of another site open the page, and nothing but the page in nothing but a window", async () => {
    const open = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    assert.equal(await ask("/?q=message:bye", open), 200);
    assert.equal(await ask("/api/count?q=message:bye", open), 403);
    assert.equal(await ask("/index.html", open), 403);
    assert.equal(await ask("/", { ...open, "sec-fetch-dest": "iframe" }), 403);
    assert.equal(await ask("/", { ...open, "sec-fetch-mode": "no-cors" }), 403);
    assert.equal(await ask("/", open, "HEAD"), 403);
  });

  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    it(`refuses ${method}`, async () => {
      assert.equal(await ask("/api/search", {}, method), 405);
    });
  }

  it("answers HEAD without a body", async () => {
    for (const path of ["/", "/api/status", "/api/export", "/api/live"]) {
      assert.equal(await ask(path, {}, "HEAD"), 200);
    }
  });

  it("allows a browser nothing beyond its own origin, on every kind of answer", async () => {
    for (const path of ["/", "/api/status", "/api/nothing", "/api/search?size=x", "/main.js"]) {
      const { headers } = await dashboard.get(path);
      const policy = headers.get("content-security-policy")!;
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.doesNotMatch(policy, /unsafe|http|\*|data:/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
      assert.equal(headers.get("access-control-allow-origin"), null);
    }
  });

  it("takes any bare address, but no foreign name, where it was told to listen on the network", () => {
    assert.equal(isOwnHost("192.168.1.7:5601", "0.0.0.0"), true);
    assert.equal(isOwnHost("[fd00::7]:5601", "::"), true);
    assert.equal(isOwnHost("192.168.1.7:5601", "127.0.0.1"), false);
    assert.equal(isOwnHost("evil.example", "0.0.0.0"), false);
    assert.equal(isOwnHost(undefined, "0.0.0.0"), false);
    assert.equal(isOwnHost("logs.internal:5601", "logs.internal"), true);
  });
});
