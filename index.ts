/** The program: settings -> pipeline -> outputs. */
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "./infra/configuration";
import { formerStreamNames } from "./infra/earlier";
import { baseName } from "./infra/names";
import { Pipeline } from "./infra/pipeline";

const name = baseName(pulumi.getProject(), pulumi.getStack());
const settings = readSettings(name);
const pipeline = new Pipeline(name, { ...settings, formerStreamNames: formerStreamNames() });

export const {
  streamName,
  /** With the names that it had: the next run reads them. */
  streamNames,
  streamArn,
  bucketName,
  domainEndpoint,
  dashboardUrl,
  dashboardUser,
  dashboardPassword,
  processorName: processor,
  publisherPolicyArn,
} = pipeline;
