/** The bucket with the backup of the source records and with the failed records. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./names";
import { policyDocument, type Statement } from "./policy";

export interface BackupBucketArgs {
  readonly place: pulumi.Input<Place>;
  /** Days after which an object is deleted, 1 to 3650. */
  readonly retentionDays: number;
  /** Keeps the bucket, and what is in it, at a destroy. */
  readonly protect: boolean;
  /** ARN of the key for the objects. @default the key that S3 holds */
  readonly kmsKeyArn: pulumi.Input<string> | undefined;
  /** A bucket that is there already, left as it is. @default a new one */
  readonly existingBucket: pulumi.Input<string> | undefined;
}

export class BackupBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** Settings of the bucket: an object should not be written before they are there. */
  readonly settings: readonly pulumi.Resource[];
  private readonly args: BackupBucketArgs;

  constructor(name: string, args: BackupBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("firehose-opensearch:infra:Backup", name, {}, opts);
    this.args = args;
    if (args.existingBucket) {
      this.bucketName = pulumi.output(args.existingBucket);
      this.bucketArn = pulumi
        .all([args.place, this.bucketName])
        .apply(([{ partition }, bucket]) => `arn:${partition}:s3:::${bucket}`);
      this.settings = [];
    } else {
      const bucket = new aws.s3.Bucket(
        name,
        { forceDestroy: !args.protect },
        // Not `false`: that would take away what the component is given.
        { parent: this, ...(args.protect && { protect: true }) },
      );
      this.bucketName = bucket.bucket;
      this.bucketArn = bucket.arn;
      this.settings = closeBucket(name, bucket, args, this);
    }
    this.registerOutputs({ bucketName: this.bucketName });
  }

  /** What Firehose needs to write its objects. */
  writeStatements(): Statement[] {
    const { kmsKeyArn, place } = this.args;
    const objects = pulumi.interpolate`${this.bucketArn}/*`;
    const statements: Statement[] = [
      {
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: [this.bucketArn],
      },
      // Keys begin with a date and end in a UUID, so all objects of the bucket is the narrowest form.
      { Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], Resource: [objects] },
    ];
    if (!kmsKeyArn) return statements;
    const via = pulumi.output(place).apply(({ region }) => `s3.${region}.amazonaws.com`);
    // With a bucket key the encryption context is the bucket, without one it is the object.
    const context = { "kms:EncryptionContext:aws:s3:arn": [this.bucketArn, objects] };
    const Condition = { StringEquals: { "kms:ViaService": via }, StringLike: context };
    return [
      ...statements,
      { Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [kmsKeyArn], Condition },
    ];
  }
}

/** Closes the bucket to the public, encrypts it, and lets old objects go. */
function closeBucket(
  name: string,
  bucket: aws.s3.Bucket,
  { kmsKeyArn, retentionDays }: BackupBucketArgs,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const bucketName = bucket.bucket;
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      bucket: bucketName,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent },
  );
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket: bucketName, rule: { objectOwnership: "BucketOwnerEnforced" } },
    { parent },
  );
  const rule = kmsKeyArn
    ? {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      }
    : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket: bucketName, rules: [rule] },
    { parent },
  );
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: bucketName, versioningConfiguration: { status: "Enabled" } },
    { parent },
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket: bucketName, rules: lifecycleRules(retentionDays) },
    // A rule on old versions is refused while versioning is not on.
    { parent, dependsOn: [versioning] },
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket: bucketName, policy: policyDocument([onlyTls(bucket.arn)]) },
    // S3 refuses two changes to a bucket's access at the same time.
    { parent, dependsOn: [publicAccess] },
  );
  return [publicAccess, ownership, encryption, lifecycle, policy];
}

/** An object that was deleted or overwritten by mistake can be brought back for a week. */
function lifecycleRules(retentionDays: number): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "expire",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { days: retentionDays },
      noncurrentVersionExpiration: { noncurrentDays: 7 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    {
      id: "markers",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { expiredObjectDeleteMarker: true },
    },
  ];
}

/** `*` because it denies: whoever comes, whatever the action, not without TLS. */
const onlyTls = (bucketArn: pulumi.Output<string>): Statement => ({
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:*"],
  Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
