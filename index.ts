/** The program: settings -> pipeline -> outputs. */
import * as pulumi from "@pulumi/pulumi";
import { dashboardId } from "./infra/domain/dashboard";
import { dashboardUrl as urlOf } from "./infra/domain/engine-paths";
import { baseName, ownerOf } from "./infra/names";
import { Pipeline } from "./infra/pipeline";
import { readSettings } from "./infra/read-settings";

const settings = readSettings();
const name = baseName(pulumi.getProject(), pulumi.getStack());
const owner = ownerOf(pulumi.getProject(), pulumi.getStack());
const pipeline = new Pipeline(name, { settings, baseName: name, owner });

export const streamName = pipeline.stream.deliveryStreamName;
export const streamArn = pipeline.stream.deliveryStreamArn;
export const bucketName = pipeline.backup.bucketName;
export const domainEndpoint = pipeline.domain.endpoint;
export const dashboardUrl = domainEndpoint.apply((host) => urlOf(host, settings.engineVersion, dashboardId));
export const dashboardUser = pipeline.domain.userName;
export const dashboardPassword = pulumi.secret(pipeline.domain.password);
export const processor = settings.processorName;
export const publisherPolicyArn = pipeline.stream.publisherPolicyArn;
