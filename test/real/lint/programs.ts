/** The settings under which the linters look at the program, and where the linters are. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { accountId, type Inputs } from "../../infra/evaluate";

const existing = {
  existingDomainName: "logs",
  existingDomainEndpoint: "search-logs-abc123.eu-west-1.es.amazonaws.com",
  existingDomainUser: "admin",
  "secret:existingDomainPassword": "Secret.of~tests-1",
};
export const programs: Readonly<Record<string, Inputs>> = {
  plain: {},
  everything: {
    processor: "cloudwatch-logs",
    alarmEmail: "ops@example.com",
    probe: true,
    logGroups: ["/app/web"],
    logBuckets: ["logs-example/alb/"],
    domainLogs: true,
    vpcSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
    vpcSecurityGroupIds: ["sg-0123456789abcdef0"],
    createServiceLinkedRole: true,
    kmsKeyArn: `arn:aws:kms:eu-west-1:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    instanceType: "r7g.large.search",
    instanceCount: 3,
    dedicatedMasterCount: 3,
    protect: true,
  },
  elasticsearch: { engineVersion: "Elasticsearch_7.10", indexRotation: "NoRotation" },
  existing,
};

/** Where install.sh has put a Python environment's commands. */
export const commandsOf = (environment: string): string =>
  join(__dirname, "../../../.cache", environment, "bin");

/** Why this command cannot be run here; undefined: it can. */
export const missing = (command: string): string | undefined =>
  existsSync(command) ? undefined : "bash test/real/install.sh has not been run";
