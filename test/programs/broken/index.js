"use strict";
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const parts = role.arn.apply((arn) => arn.missing.parts);
new aws.s3.Bucket("bucket", { bucket: parts, tags: { role: pulumi.interpolate`${parts}` } });
