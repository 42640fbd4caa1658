"""Answers calls, a line of JSON each, with boto3; errors under the class that boto3 raises.

Credentials and tries are of the environment.
"""

import base64
import json
import sys

import boto3
from botocore.exceptions import ClientError

firehose = boto3.client(
    "firehose",
    endpoint_url=sys.argv[1],
    region_name="eu-west-1",
)


def send(op, stream, records):
    data = [{"Data": base64.b64decode(text)} for text in records]
    if op == "PutRecord":
        got = firehose.put_record(DeliveryStreamName=stream, Record=data[0])
        return {"recordIds": [got["RecordId"]]}
    if op == "PutRecordBatch":
        got = firehose.put_record_batch(DeliveryStreamName=stream, Records=data)
        return {
            "recordIds": [response.get("RecordId", "") for response in got["RequestResponses"]],
            "failed": got["FailedPutCount"],
        }
    if op == "DescribeDeliveryStream":
        got = firehose.describe_delivery_stream(DeliveryStreamName=stream)["DeliveryStreamDescription"]
        return {
            "names": [got["DeliveryStreamName"]],
            "status": got["DeliveryStreamStatus"],
            "hasMore": got["HasMoreDestinations"],
        }
    if op == "ListDeliveryStreams":
        got = firehose.list_delivery_streams()
        return {"names": got["DeliveryStreamNames"], "hasMore": got["HasMoreDeliveryStreams"]}
    raise ValueError(op)


def failure(error):
    return {
        "error": error.response["Error"]["Code"],
        "message": error.response["Error"]["Message"],
        "type": type(error).__name__,
    }


for line in sys.stdin:
    call = json.loads(line)
    try:
        answer = send(call["op"], call.get("stream"), call.get("records", []))
    except ClientError as error:
        answer = failure(error)
    print(json.dumps(answer), flush=True)
