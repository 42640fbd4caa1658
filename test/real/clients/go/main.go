// Sends to the endpoint with the Go SDK and prints one line of JSON per answer.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/smithy-go"
)

// One call, as a line of JSON on the standard input.
type call struct {
	Op      string
	Stream  string
	Records []string // in base64
}

type answer struct {
	Error     string   `json:"error,omitempty"`
	GoType    string   `json:"type,omitempty"`
	Message   string   `json:"message,omitempty"`
	RecordIds []string `json:"recordIds,omitempty"`
	Failed    int32    `json:"failed"`
	Status    string   `json:"status,omitempty"`
	Names     []string `json:"names,omitempty"`
	HasMore   bool     `json:"hasMore"`
}

func main() {
	attempts, err := strconv.Atoi(os.Getenv("AWS_MAX_ATTEMPTS"))
	if err != nil {
		log.Fatal(err)
	}
	client := firehose.New(firehose.Options{
		BaseEndpoint:     aws.String(os.Args[1]),
		Region:           "eu-west-1",
		Credentials:      credentials.NewStaticCredentialsProvider("a", "b", ""),
		RetryMaxAttempts: attempts,
	})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var one call
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			log.Fatal(err)
		}
		got, err := send(client, one)
		if err != nil {
			got = failure(err)
		}
		if err := out.Encode(got); err != nil {
			log.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}

func send(client *firehose.Client, one call) (answer, error) {
	ctx := context.Background()
	stream := aws.String(one.Stream)
	records := make([]types.Record, len(one.Records))
	for i, text := range one.Records {
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return answer{}, err
		}
		records[i] = types.Record{Data: data}
	}
	switch one.Op {
	case "PutRecord":
		got, err := client.PutRecord(ctx, &firehose.PutRecordInput{DeliveryStreamName: stream, Record: &records[0]})
		if err != nil {
			return answer{}, err
		}
		return answer{RecordIds: []string{*got.RecordId}}, nil
	case "PutRecordBatch":
		got, err := client.PutRecordBatch(ctx, &firehose.PutRecordBatchInput{DeliveryStreamName: stream, Records: records})
		if err != nil {
			return answer{}, err
		}
		ids := make([]string, len(got.RequestResponses))
		for i, response := range got.RequestResponses {
			ids[i] = aws.ToString(response.RecordId)
		}
		return answer{RecordIds: ids, Failed: *got.FailedPutCount}, nil
	case "DescribeDeliveryStream":
		got, err := client.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: stream})
		if err != nil {
			return answer{}, err
		}
		description := got.DeliveryStreamDescription
		return answer{
			Status:  string(description.DeliveryStreamStatus),
			Names:   []string{*description.DeliveryStreamName},
			HasMore: *description.HasMoreDestinations,
		}, nil
	case "ListDeliveryStreams":
		got, err := client.ListDeliveryStreams(ctx, &firehose.ListDeliveryStreamsInput{})
		if err != nil {
			return answer{}, err
		}
		return answer{Names: got.DeliveryStreamNames, HasMore: *got.HasMoreDeliveryStreams}, nil
	}
	return answer{}, fmt.Errorf("no operation %s", one.Op)
}

// The error under the name of the SDK's own type, or of its code where the service models none.
func failure(err error) answer {
	var notFound *types.ResourceNotFoundException
	var unavailable *types.ServiceUnavailableException
	var invalid *types.InvalidArgumentException
	var api smithy.APIError
	switch {
	case errors.As(err, &notFound):
		return answer{Error: "ResourceNotFoundException", GoType: fmt.Sprintf("%T", notFound), Message: notFound.ErrorMessage()}
	case errors.As(err, &unavailable):
		return answer{Error: "ServiceUnavailableException", GoType: fmt.Sprintf("%T", unavailable), Message: unavailable.ErrorMessage()}
	case errors.As(err, &invalid):
		return answer{Error: "InvalidArgumentException", GoType: fmt.Sprintf("%T", invalid), Message: invalid.ErrorMessage()}
	case errors.As(err, &api):
		return answer{Error: api.ErrorCode(), GoType: fmt.Sprintf("%T", api), Message: api.ErrorMessage()}
	}
	return answer{Error: err.Error(), GoType: fmt.Sprintf("%T", err)}
}
