/** The domain's own logs in CloudWatch. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Place } from "../names";
import { policyDocument } from "../policy";

/** AUDIT_LOGS is left out: what is audited has to be chosen in the dashboards first. */
const logTypes = ["ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"] as const;

/**
 * A log group for each type and ONE resource policy for all of them: a region has room for ten policies, and one
 * for each log group uses them up. The domain has to wait for the policy.
 */
export function domainLogging(
  name: string,
  domainName: string,
  retentionInDays: number,
  place: pulumi.Input<Place>,
  parent: pulumi.Resource,
) {
  const prefix = `/aws/OpenSearchService/domains/${domainName}`;
  const groups = logTypes.map((type) => {
    const suffix = type.toLowerCase().replaceAll("_", "-");
    return new aws.cloudwatch.LogGroup(
      `${name}-${suffix}`,
      { name: `${prefix}/${suffix}`, retentionInDays },
      { parent },
    );
  });
  const document = pulumi.output(place).apply((at) =>
    policyDocument([
      {
        Principal: { Service: "es.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"],
        Resource: [arnOf(at, "logs", `log-group:${prefix}/*`)],
        Condition: {
          StringEquals: { "aws:SourceAccount": at.accountId },
          ArnLike: { "aws:SourceArn": arnOf(at, "es", `domain/${domainName}`) },
        },
      },
    ]),
  );
  const policy = new aws.cloudwatch.LogResourcePolicy(
    `${name}-logs`,
    { policyName: `${domainName}-domain-logs`, policyDocument: document },
    { parent },
  );
  return {
    policy,
    options: logTypes.map((logType, i) => ({
      logType,
      cloudwatchLogGroupArn: groups[i]!.arn,
      enabled: true,
    })),
  };
}
