//! Answers calls, a line of JSON each, with the AWS SDK for Rust; errors under the SDK's own variant.
use aws_sdk_firehose::{
    config::{retry::RetryConfig, Credentials, Region},
    error::{ProvideErrorMetadata, SdkError},
    primitives::Blob,
    types::Record,
    Client, Config,
};
use aws_smithy_types::base64;
use serde_json::{json, Value};
use std::io::BufRead;

fn failure<E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(error: SdkError<E, R>) -> Value {
    let Some(service) = error.as_service_error() else {
        return json!({ "error": format!("{error:?}"), "type": "SdkError" });
    };
    // `ResourceNotFoundException(…)` for what the model knows, `Unhandled(…)` for the rest.
    let shown = format!("{service:?}");
    let variant = shown.split('(').next().unwrap_or_default();
    json!({ "error": service.code(), "type": variant, "message": service.message() })
}

fn records(call: &Value) -> Vec<Record> {
    let texts = call["records"].as_array().expect("records");
    texts
        .iter()
        .map(|text| Blob::new(base64::decode(text.as_str().expect("text")).expect("base64")))
        .map(|data| Record::builder().data(data).build().expect("data is set"))
        .collect()
}

async fn answer(client: &Client, call: &Value) -> Value {
    let stream = call["stream"].as_str().unwrap_or_default();
    match call["op"].as_str().expect("op") {
        "PutRecord" => {
            let record = records(call).remove(0);
            match client.put_record().delivery_stream_name(stream).record(record).send().await {
                Ok(got) => json!({ "recordIds": [got.record_id()] }),
                Err(error) => failure(error),
            }
        }
        "PutRecordBatch" => {
            let batch = client.put_record_batch().delivery_stream_name(stream);
            match batch.set_records(Some(records(call))).send().await {
                Ok(got) => {
                    let ids = got.request_responses().iter().map(|one| one.record_id().unwrap_or_default());
                    json!({ "recordIds": ids.collect::<Vec<_>>(), "failed": got.failed_put_count() })
                }
                Err(error) => failure(error),
            }
        }
        "DescribeDeliveryStream" => match client.describe_delivery_stream().delivery_stream_name(stream).send().await {
            Ok(got) => {
                let description = got.delivery_stream_description().expect("description");
                let status = description.delivery_stream_status().as_str();
                json!({ "status": status, "names": [description.delivery_stream_name()] })
            }
            Err(error) => failure(error),
        },
        _ => match client.list_delivery_streams().send().await {
            Ok(got) => json!({ "names": got.delivery_stream_names() }),
            Err(error) => failure(error),
        },
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let attempts = std::env::var("AWS_MAX_ATTEMPTS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let config = Config::builder()
        .behavior_version_latest()
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("a", "b", None, None, "test"))
        .endpoint_url(std::env::args().nth(1).expect("endpoint"))
        .retry_config(RetryConfig::standard().with_max_attempts(attempts))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = Client::from_conf(config);
    for line in std::io::stdin().lock().lines() {
        let call: Value = serde_json::from_str(&line.expect("line")).expect("JSON");
        println!("{}", answer(&client, &call).await);
    }
}
