"use strict";
const aws = require("@pulumi/aws");
const pulumi = require("@pulumi/pulumi");

const certificate = aws.acm.getCertificateOutput({ domain: "logs.example.com" });
const zone = aws.route53.getZoneOutput({ name: "example.com" });
const domain = new aws.opensearch.Domain("domain", {
  domainEndpointOptions: { customEndpointEnabled: true, customEndpointCertificateArn: certificate.arn },
});
new aws.route53.Record("record", { name: "logs", zoneId: zone.zoneId, type: "CNAME", records: [domain.endpoint] });
exports.url = pulumi.interpolate`https://${domain.endpoint}/${certificate.arn}`;
