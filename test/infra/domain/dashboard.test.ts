import { strict as assert } from "node:assert";
import { savedObjects } from "../../../infra/domain/dashboard";
import { settingDefaults } from "../../../infra/settings";

describe("the dashboard of a stack", () => {
  it("counts documents of any time", () => {
    const settings = { ...settingDefaults, panels: [{ title: "total", query: "" }] };
    const { objects } = savedObjects({ baseName: "web-dev", owner: "pulumi:web/dev" }, settings);
    const { attributes } = objects.find(({ type }) => type === "dashboard")!;
    assert.equal(attributes["timeRestore"], true);
    assert.equal(attributes["timeFrom"], "1970-01-01T00:00:00.000Z");
    assert.equal(attributes["timeTo"], "2099-12-31T23:59:59.999Z");
  });
});
