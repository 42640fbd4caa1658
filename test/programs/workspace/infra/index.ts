import { SearchStream } from "@acme/streams";
import * as aws from "@pulumi/aws";

/** The program's outputs are what it returns, once its last question is answered. */
export = async () => {
  const { names } = await aws.getAvailabilityZones({ state: "available" });
  const domain = new aws.opensearch.Domain("search", {
    clusterConfig: { instanceCount: names.length, zoneAwarenessEnabled: true },
  });
  const streams = ["carts", "visits"].map(
    (name) => new SearchStream(name, { domain, code: "../transforms/shop", table: { team: "shop" } }),
  );
  return { names: streams.map(({ stream }) => stream.name) };
};
