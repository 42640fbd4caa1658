/** IAM policies as text. Each resource hands out the statements that its users need; a role collects them. */
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./names";

export interface Statement {
  /** @default Allow */
  readonly Effect?: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  /** Left out in a trust policy. */
  readonly Resource?: pulumi.Input<readonly pulumi.Input<string>[]>;
  readonly Condition?: unknown;
}

/** The policy's text, always with the same order of keys, actions and resources: another order is a change to AWS. */
export function policyDocument(
  statements: readonly pulumi.Input<Statement | readonly Statement[]>[],
): pulumi.Output<string> {
  return pulumi.output(statements).apply((known) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: (known as unknown as (Plain | Plain[])[]).flat().map((statement) => ({
        Effect: statement.Effect ?? "Allow",
        ...(statement.Principal ? { Principal: statement.Principal } : {}),
        Action: [...statement.Action].sort(),
        ...(statement.Resource ? { Resource: [...statement.Resource].sort() } : {}),
        ...(statement.Condition ? { Condition: statement.Condition } : {}),
      })),
    }),
  );
}

type Plain = Omit<Statement, "Resource"> & { readonly Resource?: readonly string[] };

/**
 * What the sender of records needs on the stream's own key: its use on behalf of the sender, by Firehose alone.
 * Firehose encrypts and decrypts by a grant; since April 2026 it also asks whether the sender may.
 */
export const sendersKeyStatement = (
  streamArn: pulumi.Input<string>,
  kmsKeyArn: pulumi.Input<string>,
): Statement => ({
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: [kmsKeyArn],
  Condition: {
    StringEquals: {
      "kms:ViaService": pulumi
        .output(streamArn)
        .apply((arn) => `firehose.${arn.split(":")[3]}.amazonaws.com`),
    },
  },
});

/**
 * Lets an AWS service take a role, for one resource of this account only: a service that works for many accounts
 * can otherwise be made to use the role of a stranger.
 */
export function trustPolicy(
  service: string,
  place: pulumi.Input<Place>,
  sourceArn: pulumi.Input<string | string[]>,
): pulumi.Output<string> {
  return pulumi.all([place, sourceArn]).apply(([{ accountId }, arn]) =>
    trust(service, {
      Condition: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": arn } },
    }),
  );
}

/** Without a condition: Lambda takes a function's role on its own behalf and names no source. */
export const lambdaTrustPolicy = trust("lambda.amazonaws.com", {});

function trust(service: string, condition: object): string {
  const statement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...condition,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
