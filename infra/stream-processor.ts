/** A function as the stream's processor, be it one of the processors or one that the program has made. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lambdaProcessorDefaults } from "../firehose/limits";
import type { Statement } from "./policy";

export interface StreamProcessor {
  readonly lambda: aws.lambda.Function;
  /** Where the handler of the processors logs what it failed; undefined for a function that has another handler. */
  readonly logGroupName: pulumi.Output<string> | undefined;
  /** What Firehose gathers for a call, where it is not Firehose's default. */
  readonly batches: Partial<Record<keyof typeof lambdaProcessorDefaults, number>>;
}

/** Time, framing and probe are the function's own business, and so is the size of what it answers. */
export const asItIs = (lambda: aws.lambda.Function, bufferIntervalSeconds: number): StreamProcessor => ({
  lambda,
  logGroupName: undefined,
  batches: { BufferIntervalInSeconds: bufferIntervalSeconds },
});

/** What Firehose needs to call it; a right on the ARN alone does not cover its versions. */
export function invokeStatement({ lambda: { arn } }: StreamProcessor): Statement {
  return {
    Action: ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
    Resource: [arn, pulumi.interpolate`${arn}:*`],
  };
}

/** The stream's processor: only what differs from Firehose's defaults, or each preview shows a change. */
export function processorOf({
  lambda,
  batches,
}: StreamProcessor): aws.types.input.kinesis.FirehoseDeliveryStreamOpensearchConfigurationProcessingConfigurationProcessor {
  return {
    type: "Lambda",
    parameters: [
      // With the version, or `:$LATEST` for a function that publishes none.
      { parameterName: "LambdaArn", parameterValue: lambda.qualifiedArn },
      ...differingParameters(batches),
    ],
  };
}

/** In the order of {@link lambdaProcessorDefaults}, values as text. */
export function differingParameters(wanted: StreamProcessor["batches"]) {
  const names = Object.keys(lambdaProcessorDefaults) as (keyof typeof lambdaProcessorDefaults)[];
  return names
    .filter((name) => (wanted[name] ?? lambdaProcessorDefaults[name]) !== lambdaProcessorDefaults[name])
    .map((parameterName) => ({ parameterName, parameterValue: String(wanted[parameterName]) }));
}
