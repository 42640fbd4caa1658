/** Several pipelines on one domain, as a program of somebody else has them. */
import * as pulumi from "@pulumi/pulumi";
import { Pipeline, SearchDomain } from "../../infra";

const logs = new SearchDomain("logs", { instanceType: "m6g.large.search" });
const config = new pulumi.Config();
const count = config.requireNumber("count");
const processor = config.require("processor");
for (let number = 1; number <= count; number++) {
  new Pipeline(`stream${number}`, {
    domain: logs,
    processor,
    bufferIntervalSeconds: 1,
    backupIntervalSeconds: 1,
  });
}
