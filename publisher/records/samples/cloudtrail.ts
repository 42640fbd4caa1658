/** CloudTrail events of an invented account, one per record. */
import type { Random } from "./random";
import { address, people } from "./visitors";

const calls: readonly (readonly [source: string, name: string, readOnly: boolean, parameters: object])[] = [
  ["s3.amazonaws.com", "GetObject", true, { bucketName: "invoices", key: "2026/03/1.pdf" }],
  ["sts.amazonaws.com", "AssumeRole", true, { roleArn: "arn:aws:iam::111122223333:role/deploy" }],
  ["ec2.amazonaws.com", "DescribeInstances", true, { instancesSet: {}, filterSet: {} }],
  ["iam.amazonaws.com", "CreateRole", false, { role: { name: "deploy" } }],
  ["iam.amazonaws.com", "PutRolePolicy", false, { role: "deploy", policyName: "p" }],
  ["signin.amazonaws.com", "ConsoleLogin", false, {}],
];

export function cloudtrailEvent(random: Random, ms: number): string {
  const [eventSource, eventName, readOnly, requestParameters] = random.skewed(calls);
  const userName = random.pick(people).replace(/\W/g, ".");
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      principalId: `AIDA${random.hex(16).toUpperCase()}`,
      arn: `arn:aws:iam::111122223333:user/${userName}`,
      accountId: "111122223333",
      userName,
    },
    eventTime: `${new Date(ms).toISOString().slice(0, 19)}Z`,
    eventSource,
    eventName,
    awsRegion: random.pick(["eu-west-1", "us-east-1"]),
    sourceIPAddress: random.chance(10) ? eventSource : address(random),
    userAgent: "aws-cli/2.31.0",
    ...(random.chance(5) && { errorCode: "AccessDenied", errorMessage: "Access Denied" }),
    requestParameters,
    responseElements: null,
    requestID: random.hex(32),
    eventID: `${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}`,
    readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: "111122223333",
    eventCategory: "Management",
  });
}
