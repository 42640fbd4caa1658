/** The program: settings -> pipeline -> outputs. */
import * as pulumi from "@pulumi/pulumi";
import { dashboardIdOf } from "./infra/domain/dashboard";
import { dashboardUrl as urlOf } from "./infra/domain/engine-paths";
import { baseName, ownerOf } from "./infra/names";
import { Pipeline } from "./infra/pipeline";
import { readSettings } from "./infra/read-settings";

const settings = readSettings();
const name = baseName(pulumi.getProject(), pulumi.getStack());
const owner = ownerOf(pulumi.getProject(), pulumi.getStack());
const base = settings.baseName ?? name;
const pipeline = new Pipeline(name, { settings, baseName: base, owner });

export const streamName = pipeline.stream.deliveryStreamName;
/** With the names that it had: the next run reads them. */
export const streamNames = pipeline.streamNames;
export const streamArn = pipeline.stream.deliveryStreamArn;
export const bucketName = pipeline.backup.bucketName;
export const domainEndpoint = pipeline.domain.endpoint;
export const dashboardUrl = domainEndpoint.apply((host) =>
  urlOf(host, settings.engineVersion, dashboardIdOf(base, settings)),
);
export const dashboardUser = pipeline.domain.userName;
export const dashboardPassword = pulumi.secret(pipeline.domain.password);
export const processor = settings.processorName;
export const publisherPolicyArn = pipeline.stream.publisherPolicyArn;
