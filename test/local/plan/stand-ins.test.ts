import { strict as assert } from "node:assert";
import { StandIns } from "../../../local/plan/stand-ins";
import { Given } from "../../../local/plan/stand-ins/given";
import { Placeholders } from "../../../local/plan/stand-ins/placeholders";

const secret = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("what stands in for AWS", () => {
  let placeholders: Placeholders;
  beforeEach(() => {
    placeholders = new Placeholders();
  });
  const make = (...given: string[]): StandIns =>
    new StandIns({ region: "eu-west-1", given: new Given(given), placeholders });
  const ask = (standIns: StandIns, token: string, inputs = {}) => standIns.call({ token, inputs });
  const add = (standIns: StandIns, type: string, name: string, inputs = {}, more = {}) =>
    standIns.newResource({ type, name, inputs, ...more });

  it("answers the region by the names of both versions of the provider", () => {
    const answer = ask(make(), "aws:index/getRegion:getRegion");
    assert.deepEqual([answer["name"], answer["region"]], ["eu-west-1", "eu-west-1"]);
  });

  it("answers in the region of the provider that the program made, or of the question", () => {
    const standIns = make();
    add(standIns, "pulumi:providers:aws", "east", { region: "us-east-2" });
    const provider = "urn:pulumi:dev::web::pulumi:providers:aws::east::some-id";
    const token = "aws:index/getRegion:getRegion";
    assert.equal(standIns.call({ token, inputs: {}, provider })["name"], "us-east-2");
    assert.equal(ask(standIns, token, { region: "us-west-1" })["name"], "us-west-1");
  });

  it("gives back what was asked for", () => {
    const vpc = ask(make(), "aws:ec2/getVpc:getVpc", { id: "vpc-1" });
    assert.deepEqual([vpc["id"], vpc["arn"]], ["vpc-1", "arn:aws:ec2:eu-west-1:000000000000:vpc/vpc-1"]);
  });

  it("makes the subnets of a network that were asked for, in each zone", () => {
    const subnetSpecs = [{ type: "Private" }, { type: "Private", name: "db" }, { type: "Isolated" }];
    const made = add(make(), "awsx:ec2:Vpc", "net", { numberOfAvailabilityZones: 2, subnetSpecs });
    const { privateSubnetIds, publicSubnetIds, isolatedSubnets, subnets, vpcId } = made.state;
    assert.equal(new Set(privateSubnetIds).size, 4);
    assert.deepEqual([publicSubnetIds.length, subnets.length], [0, 6]);
    const zones = isolatedSubnets.map((one: { availabilityZone: string }) => one.availabilityZone);
    assert.deepEqual(zones, ["eu-west-1a", "eu-west-1b"]);
    assert.match(vpcId, /^vpc-/);
    const usual = add(make(), "awsx:ec2:Vpc", "net", {});
    assert.equal(usual.state["publicSubnetIds"].length, 3);
  });

  it("takes a given answer by the token or by its last part, over what it knows", () => {
    const token = "aws:ec2/getVpc:getVpc";
    assert.equal(ask(make('getVpc={"cidrBlock":"10.9.0.0/16"}'), token)["cidrBlock"], "10.9.0.0/16");
    assert.equal(ask(make(`${token}={"id":"vpc-7"}`), token)["id"], "vpc-7");
  });

  it("says by name what nobody can answer, each question once", () => {
    const standIns = make();
    const token = "aws:acm/getCertificate:getCertificate";
    for (const domain of ["a", "a", "b"])
      assert.throws(() => ask(standIns, token, { domain }), /Give it: --stand-in/);
    assert.equal(standIns.unanswered.size, 2);
    assert.match([...standIns.unanswered][0]!, /getCertificate\(\{"domain":"a"\}\)/);
  });

  it("puts a placeholder for the value of a parameter or a secret, and says so", () => {
    const value = ask(make(), "aws:ssm/getParameter:getParameter", { name: "/web/key" })["value"];
    assert.match(String(value), /^placeholder-of-parameter/);
    assert.match(placeholders.notes.join(), /the parameter \/web\/key is not known here.*"value"/);
  });

  it("names resources as the program does, with ARN, id and addresses of their type", () => {
    const standIns = make();
    const bucket = add(standIns, "aws:s3/bucket:Bucket", "logs", { bucket: "web-logs" });
    assert.deepEqual([bucket.id, bucket.state["arn"]], ["web-logs", "arn:aws:s3:::web-logs"]);
    const domain = add(standIns, "aws:opensearch/domain:Domain", "search");
    assert.equal(domain.state["endpoint"], "search-search.eu-west-1.es.amazonaws.com");
    const queue = add(standIns, "aws:sqs/queue:Queue", "jobs");
    assert.equal(queue.id, "https://sqs.eu-west-1.amazonaws.com/000000000000/jobs");
    const other = add(standIns, "aws:glue/job:Job", "etl");
    assert.equal(other.state["arn"], "arn:aws:glue:eu-west-1:000000000000:job/etl");
  });

  it("tells a published function from its latest", () => {
    const qualified = (inputs: object): unknown =>
      add(make(), "aws:lambda/function:Function", "f", inputs).state["qualifiedArn"];
    assert.match(String(qualified({ publish: true })), /:function:f:1$/);
    assert.match(String(qualified({})), /:function:f:\$LATEST$/);
  });

  it("takes given outputs for a resource of that name", () => {
    const made = add(make('key={"keyId":"k-1","id":"k-2"}'), "aws:kms/key:Key", "key");
    assert.deepEqual([made.id, made.state["keyId"]], ["k-2", "k-1"]);
  });

  it("hands out what a secret hides, and gives it back to the program as one", () => {
    const standIns = make();
    const inputs = { name: "f", environment: secret({ variables: { KEY: secret("k") } }) };
    const { state } = add(standIns, "aws:lambda/function:Function", "f", inputs);
    assert.deepEqual(standIns.resources[0]!.inputs["environment"], { variables: { KEY: "k" } });
    assert.deepEqual(state["environment"], inputs.environment);
  });

  it("knows of another stack what is given", () => {
    const standIns = make('acme/network/dev={"vpcId":"vpc-1"}');
    const inputs = { name: "acme/network/dev" };
    const { state } = add(standIns, "pulumi:pulumi:StackReference", "net", inputs);
    assert.deepEqual(state["outputs"], { vpcId: "vpc-1" });
    assert.equal(standIns.resources.length, 0);
  });

  it("refuses what is no NAME=JSON, and tells which names nothing has", () => {
    for (const text of ["getVpc", "={}", "getVpc={", "getVpc=7", "getVpc=[1]"])
      assert.throws(() => new Given([text]), /Expected NAME=JSON/);
    const given = new Given(['a={"x":1}', 'b={"y":1}', 'a={"z":2}']);
    assert.deepEqual(given.of("none", "a"), { x: 1, z: 2 });
    assert.deepEqual(given.unused(), ["b"]);
  });
});
