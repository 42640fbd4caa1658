/**
 * VPC flow logs: a document per line, in AWS's order of fields or in the one that is configured. Behind
 * `cloudwatch-logs` it reads the messages. docs/processors.md lists the fields.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
import type { FieldTypes } from "./field-types";
import { createCarried, createOver } from "./log-lines/carried";
import { createFlowFormat } from "./log-lines/flow";
import { createShipped } from "./log-lines/shipped";
import { createPacked } from "./packed";
import type { Outcome, ProcessorFactory } from "./processor";

export const vpcFlow: ProcessorFactory = () => {
  const carried = createCarried();
  const over = createOver();
  const shipped = createShipped(["log", "message", "MESSAGE", "msg"]);
  const read = createFlowFormat();
  const { stringify } = JSON;
  const dropped: Outcome = { result: "Dropped" };
  const { failed } = createPacked();
  return (record) => {
    const text = record.text();
    const { line, around } = carried(text);
    const flow = read(line);
    if (flow === null) return dropped;
    if (typeof flow !== "string")
      return { result: "Ok", text: stringify(around ? over(around, flow) : flow) };
    // A log group may hold other lines as well: those stay what CloudWatch's processor made of them.
    if (around) return { result: "Ok", text };
    const sent = text.startsWith("{") ? shipped(text, record.approximateArrivalTimestamp) : null;
    const within = sent ? read(sent.line) : flow;
    if (within === null) return dropped;
    if (typeof within === "string") return failed(text, within);
    return { result: "Ok", text: stringify(over(sent!.around, within)) };
  };
};

export const vpcFlowFields: FieldTypes = {
  "@timestamp": "date",
  message: "text",
  "event.dataset": "text",
  "event.action": "text",
  "event.start": "date",
  "event.end": "date",
  "event.duration": "long",
  "source.ip": "ip",
  "source.port": "long",
  "destination.ip": "ip",
  "destination.port": "long",
  "network.bytes": "long",
  "network.packets": "long",
  "network.iana_number": "text",
  "network.transport": "text",
  "network.type": "text",
  "network.direction": "text",
  "cloud.account.id": "text",
  "cloud.region": "text",
  "cloud.instance.id": "text",
  "aws.vpcflow.version": "long",
  "aws.vpcflow.interface_id": "text",
  "aws.vpcflow.log_status": "text",
  "aws.vpcflow.vpc_id": "text",
  "aws.vpcflow.subnet_id": "text",
  "aws.vpcflow.tcp_flags": "long",
  "aws.vpcflow.pkt_srcaddr": "ip",
  "aws.vpcflow.pkt_dstaddr": "ip",
  "aws.vpcflow.az_id": "text",
  "aws.vpcflow.sublocation_type": "text",
  "aws.vpcflow.sublocation_id": "text",
  "aws.vpcflow.pkt_src_aws_service": "text",
  "aws.vpcflow.pkt_dst_aws_service": "text",
  "aws.vpcflow.traffic_path": "long",
  "aws.vpcflow.ecs_cluster_arn": "text",
  "aws.vpcflow.ecs_cluster_name": "text",
  "aws.vpcflow.ecs_container_instance_arn": "text",
  "aws.vpcflow.ecs_container_instance_id": "text",
  "aws.vpcflow.ecs_container_id": "text",
  "aws.vpcflow.ecs_second_container_id": "text",
  "aws.vpcflow.ecs_service_name": "text",
  "aws.vpcflow.ecs_task_definition_arn": "text",
  "aws.vpcflow.ecs_task_arn": "text",
  "aws.vpcflow.ecs_task_id": "text",
  "aws.vpcflow.reject_reason": "text",
  "aws.vpcflow.resource_id": "text",
  "aws.vpcflow.encryption_status": "text",
};
