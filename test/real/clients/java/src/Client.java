import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.FirehoseException;
import software.amazon.awssdk.services.firehose.model.Record;

/** Answers calls, a line of JSON each, with the AWS SDK for Java; errors under the SDK's own class. Credentials and tries are of the environment. */
public final class Client {
  public static void main(String[] args) throws Exception {
    FirehoseClient firehose = FirehoseClient.builder()
        .endpointOverride(URI.create(args[0]))
        .region(Region.EU_WEST_1)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonWriter answer = JsonWriter.create().writeStartObject();
      try {
        answer(firehose, JsonNode.parser().parse(line).asObject(), answer);
      } catch (FirehoseException error) {
        text(answer, "error", error.awsErrorDetails().errorCode());
        text(answer, "message", error.awsErrorDetails().errorMessage());
        text(answer, "type", error.getClass().getSimpleName());
      }
      out.println(new String(answer.writeEndObject().getBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void answer(FirehoseClient firehose, Map<String, JsonNode> call, JsonWriter answer) {
    String stream = call.containsKey("stream") ? call.get("stream").text() : null;
    switch (call.get("op").text()) {
      case "PutRecord" -> texts(answer, "recordIds",
          List.of(firehose.putRecord(r -> r.deliveryStreamName(stream).record(records(call).get(0))).recordId()));
      case "PutRecordBatch" -> {
        var got = firehose.putRecordBatch(r -> r.deliveryStreamName(stream).records(records(call)));
        texts(answer, "recordIds", got.requestResponses().stream()
            .map(one -> one.recordId() == null ? "" : one.recordId()).collect(Collectors.toList()));
        answer.writeFieldName("failed").writeValue(got.failedPutCount());
      }
      case "DescribeDeliveryStream" -> {
        var got = firehose.describeDeliveryStream(r -> r.deliveryStreamName(stream)).deliveryStreamDescription();
        text(answer, "status", got.deliveryStreamStatusAsString());
        texts(answer, "names", List.of(got.deliveryStreamName()));
      }
      default -> texts(answer, "names", firehose.listDeliveryStreams().deliveryStreamNames());
    }
  }

  private static List<Record> records(Map<String, JsonNode> call) {
    return call.get("records").asArray().stream()
        .map(one -> Record.builder().data(SdkBytes.fromByteArray(Base64.getDecoder().decode(one.text()))).build())
        .collect(Collectors.toList());
  }

  private static void text(JsonWriter answer, String name, String value) {
    answer.writeFieldName(name).writeValue(value);
  }

  private static void texts(JsonWriter answer, String name, List<String> values) {
    answer.writeFieldName(name).writeStartArray();
    values.forEach(answer::writeValue);
    answer.writeEndArray();
  }
}
