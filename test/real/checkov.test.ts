/** The program's resources as checkov sees them: what it finds is mended, or meant and listed here with its reason. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "../infra/evaluate";
import { commandsOf, missing, programs } from "./lint/programs";
import { type Template, templateOf } from "./lint/template";
import { needs } from "./needs";

const checkov = join(commandsOf("python-checkov"), "checkov");

interface Meant {
  readonly check: string;
  /** Type and logical id of the resource. */
  readonly resource: RegExp;
  /** The programs in which it is meant, and found. @default all; it is found in one at least */
  readonly only?: readonly string[];
  readonly because: string;
}

const withoutOptions = ["plain", "elasticsearch"];
const meant: readonly Meant[] = [
  {
    check: "CKV_AWS_18",
    resource: /^AWS::S3::Bucket\.(Backup|Notes)$/,
    because: "a log of access to the bucket needs a second bucket, with the same question again",
  },
  {
    check: "CKV_AWS_26",
    resource: /^AWS::SNS::Topic\.\w+AlarmsTopic$/,
    because: "CloudWatch is silent on a topic whose key does not name it; an alarm has no record's words",
  },
  {
    check: "CKV_AWS_27",
    resource: /^AWS::SQS::Queue\.\w+LogBuckets\w+Queue$/,
    only: ["everything"],
    because:
      "SQS encrypts with a key of its own, which EventBridge may use; no record's words are in an event",
  },
  {
    check: "CKV_AWS_84",
    resource: /^AWS::Elasticsearch::Domain\./,
    only: withoutOptions,
    because: "the domain's logs cost extra: domainLogs turns them on",
  },
  {
    check: "CKV_AWS_111",
    resource: /^AWS::IAM::Policy\.\w+DomainObjectsRolePolicyRolePolicy$/,
    only: ["everything"],
    because:
      "Lambda refuses a function in a VPC whose role has its network rights on less than all resources",
  },
  {
    check: "CKV_AWS_115",
    resource: /^AWS::Lambda::Function\./,
    because: "reserved concurrency is taken from the whole account, and a small account refuses it",
  },
  {
    check: "CKV_AWS_116",
    resource: /^AWS::Lambda::Function\./,
    because: "the queue is for calls that nobody waits for; Firehose waits, and keeps what failed",
  },
  {
    check: "CKV_AWS_117",
    resource: /^AWS::Lambda::Function\.\w+ProcessorFunction$/,
    because: "the transform talks to nobody, and its role allows it nothing but to write its log",
  },
  {
    check: "CKV_AWS_117",
    resource: /^AWS::Lambda::Function\.\w+ProbeSenderFunction$/,
    only: ["everything"],
    because: "it talks to Firehose alone, by a right on the one stream",
  },
  {
    check: "CKV_AWS_117",
    resource: /^AWS::Lambda::Function\.\w+LogBucketsFunction$/,
    only: ["everything"],
    because: "it talks to S3, SQS and Firehose alone, by rights on named buckets, queues and the stream",
  },
  {
    check: "CKV_AWS_117",
    resource: /^AWS::Lambda::Function\.\w+DomainObjectsFunction$/,
    only: [...withoutOptions, "existing"],
    because: "the domain has a public address here; with subnets the function is in them",
  },
  {
    check: "CKV_AWS_158",
    resource: /^AWS::Logs::LogGroup\./,
    because:
      "CloudWatch encrypts with a key of its own; another key must name it first, or no group can be made",
  },
  {
    check: "CKV_AWS_173",
    resource: /^AWS::Lambda::Function\.\w+DomainObjectsFunction$/,
    only: [...withoutOptions, "existing"],
    because: "Lambda encrypts with a key of its own; kmsKeyArn gives another",
  },
  {
    check: "CKV_AWS_317",
    resource: /^AWS::Elasticsearch::Domain\./,
    because: "there is nothing to publish until somebody has chosen in the dashboards what is audited",
  },
];

/** Older names of types, under which checkov knows more of what it has to look for. */
const olderNames: Readonly<Record<string, string>> = {
  "AWS::IAM::RolePolicy": "AWS::IAM::Policy",
  "AWS::OpenSearchService::Domain": "AWS::Elasticsearch::Domain",
};

function underOlderNames(template: Template): Template {
  const renamed = Object.entries(template.Resources).map(([id, { Type, Properties }]) => [
    id,
    { Type: olderNames[Type] ?? Type, Properties },
  ]);
  return { ...template, Resources: Object.fromEntries(renamed) };
}

/** Without what protects: a scan that finds nothing here finds nothing anywhere. */
function withoutGuards(template: Template): Template {
  const copy: Template = structuredClone(template);
  for (const { Type, Properties } of Object.values(copy.Resources)) {
    if (Type.endsWith("::Bucket")) delete Properties["PublicAccessBlockConfiguration"];
    if (Type.endsWith("::Role")) Properties["AssumeRolePolicyDocument"].Statement[0].Principal = { AWS: "*" };
    if (Type.endsWith("::RolePolicy")) {
      const all = { Effect: "Allow", Action: ["*"], Resource: ["*"] };
      Properties["PolicyDocument"].Statement = [all];
    }
    if (Type.endsWith("::Domain")) {
      delete Properties["EncryptionAtRestOptions"];
      delete Properties["NodeToNodeEncryptionOptions"];
      Properties["DomainEndpointOptions"].EnforceHTTPS = false;
    }
  }
  return copy;
}

interface Report {
  readonly results: {
    readonly failed_checks: readonly {
      check_id: string;
      check_name: string;
      resource: string;
      file_path: string;
    }[];
  };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

/** One run for all templates, as its start takes longest. */
function scan(templates: Readonly<Record<string, Template>>): Report {
  const folder = mkdtempSync(join(tmpdir(), "checkov-"));
  // A run needs nobody outside; should it ask all the same, it gets no answer.
  const offline = { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "" };
  try {
    for (const [name, template] of Object.entries(templates))
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(underOlderNames(template)));
    const args = ["--framework", "cloudformation", "--skip-download", "--output", "json"];
    const { stdout, stderr, error, status } = spawnSync(checkov, ["--directory", folder, ...args], {
      env: { ...process.env, ...offline },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error) throw error;
    assert.equal(status, 1, stderr);
    return JSON.parse(stdout) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the program's resources, scanned by checkov", () => {
  let report: Report;
  let templates: Record<string, Template>;

  before(async function () {
    needs(this, missing(checkov));
    templates = {};
    for (const [name, values] of Object.entries(programs))
      templates[name] = templateOf((await evaluate(values)).resources);
    report = scan({ ...templates, unguarded: withoutGuards(templates["plain"]!) });
  });

  const findings = (program: string) =>
    report.results.failed_checks
      .filter(({ file_path }) => file_path.endsWith(`/${program}.json`))
      .map(({ check_id, resource, check_name }) => ({ check: check_id, resource, name: check_name }));
  type Finding = ReturnType<typeof findings>[number];
  const isOf = (entry: Meant, { check, resource }: Finding) =>
    check === entry.check && entry.resource.test(resource);

  it("are all read, and pass most checks", () => {
    assert.equal(report.summary.parsing_errors, 0);
    assert.ok(report.summary.passed > 200, String(report.summary.passed));
  });

  for (const program of Object.keys(programs)) {
    it(`have no finding that is not meant: ${program}`, () => {
      const here = meant.filter(({ only }) => only?.includes(program) ?? true);
      const others = findings(program).filter((finding) => !here.some((entry) => isOf(entry, finding)));
      assert.deepEqual(
        others.map((finding) => Object.values(finding).join(" ")),
        [],
      );
    });
  }

  it("have no reason listed for a finding that is gone", () => {
    const isFound = (entry: Meant, program: string) =>
      findings(program).some((finding) => isOf(entry, finding));
    for (const entry of meant) {
      const { check, only, because } = entry;
      if (only === undefined)
        assert.ok(
          Object.keys(programs).some((program) => isFound(entry, program)),
          `${check}: ${because}`,
        );
      for (const program of only ?? [])
        assert.ok(isFound(entry, program), `${check} in ${program}: ${because}`);
    }
  });

  it("would be found out without what protects them", () => {
    const usual = findings("plain").map(({ check }) => check);
    const more = findings("unguarded").filter(({ check }) => !usual.includes(check));
    const typeOf = ({ resource }: Finding) => resource.split(".")[0]!.replace("AWS::", "");
    const ids = (type: string) =>
      [...new Set(more.filter((one) => typeOf(one) === type).map(({ check }) => check))]
        .map((check) => check.replace("CKV_AWS_", ""))
        .sort();
    const found = Object.fromEntries(more.map(typeOf).map((type) => [type, ids(type)]));
    assert.deepEqual(found, {
      "Elasticsearch::Domain": ["5", "6", "83"],
      "IAM::Policy": ["107", "108", "109", "110", "111", "62", "63"],
      "IAM::Role": ["60"],
      "S3::Bucket": ["53", "54", "55", "56"],
    });
  });
});
