import { deepEqual, equal, ok } from "node:assert/strict";
import { arrivalMs, coldStart, documentOf, eventOf, read, run } from "./emitted";

const line = "2 123456789010 eni-1 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1795885200 1795885260 ACCEPT OK";

describe("processor vpc-flow", () => {
  const withFields = async (fields: readonly string[], ...lines: string[]) => {
    process.env["VPC_FLOW_FIELDS"] = JSON.stringify(fields);
    try {
      return read(await (await coldStart("vpc-flow"))(eventOf(lines)));
    } finally {
      delete process.env["VPC_FLOW_FIELDS"];
    }
  };

  it("takes the order of the fields from the setting, names that are new to it too", async () => {
    const fields = ["resource-type", "tgw-id", "srcaddr", "dstaddr", "bytes", "packets-lost-no-route", "end"];
    const [answer, tooFew, wrong] = await withFields(
      fields,
      "TransitGateway tgw-1 10.0.0.1 10.0.0.2 4249 0 1795885260",
      "TransitGateway tgw-1 10.0.0.1 10.0.0.2 4249",
      "10.0.0.1 tgw-1 TransitGateway 10.0.0.2 4249 0 1795885260",
    );
    ok(answer && "document" in answer);
    const { source, network, aws } = answer.document;
    deepEqual([source, network.bytes], [{ ip: "10.0.0.1" }, 4249]);
    deepEqual(aws.vpcflow, { resource_type: "TransitGateway", tgw_id: "tgw-1", packets_lost_no_route: "0" });
    equal(answer.document["@timestamp"], "2026-11-28T17:01:00.000Z");
    deepEqual([tooFew?.result, wrong?.result], ["ProcessingFailed", "ProcessingFailed"]);
  });

  it("takes the names of a setting as AWS writes them and with underscores", async () => {
    for (const name of ["pkt-srcaddr", "pkt_srcaddr"]) {
      const [answer] = await withFields([name, "bytes", "start"], "10.0.0.1 5 1795885260");
      ok(answer && "document" in answer);
      deepEqual(answer.document.aws.vpcflow, { pkt_srcaddr: "10.0.0.1" });
    }
  });

  it("takes the order from a header in front of the line, in the same record only", async () => {
    const answers = await run("vpc-flow", `srcaddr action bytes\n10.0.0.1 ACCEPT 5`, "10.0.0.1 ACCEPT 5");
    deepEqual(
      answers.map(({ result }) => result),
      ["Ok", "ProcessingFailed"],
    );
  });

  it("reads the messages behind cloudwatch-logs; another line stays what it was", async () => {
    const payload = (message: string) =>
      JSON.stringify({
        messageType: "DATA_MESSAGE",
        owner: "111122223333",
        logGroup: "vpc",
        logStream: "eni-1-all",
        logEvents: [{ id: "e1", timestamp: arrivalMs, message }],
      });
    const flow = await documentOf("cloudwatch-logs,vpc-flow", payload(line));
    deepEqual(
      [flow.source, flow.event.id, flow.aws.cloudwatch.log_group],
      [{ ip: "10.0.0.1", port: 20641 }, "e1", "vpc"],
    );
    const other = await documentOf("cloudwatch-logs,vpc-flow", payload("not a flow"));
    deepEqual([other.event.dataset, other.message], ["cloudwatch-logs", "not a flow"]);
  });
});
