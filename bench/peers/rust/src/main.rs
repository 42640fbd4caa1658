//! Sends N messages `{"message":"hello world K"}`, or the lines of a file, to AWS_ENDPOINT_URL_FIREHOSE:
//! 500 per call, 8 calls in flight, failed entries again. Arguments: stream, N or path.
use aws_sdk_firehose::{config::Credentials, primitives::Blob, types::Record, Client, Config};
use std::{cell::RefCell, fs::File, io::{BufRead, BufReader}, rc::Rc};

const PER_CALL: usize = 500;
const MAX_BYTES: usize = 4 * 1024 * 1024;

type Source = Box<dyn Iterator<Item = Vec<u8>>>;

fn source(what: &str) -> Source {
    if let Ok(n) = what.parse::<u64>() {
        return Box::new((1..=n).map(|k| format!("{{\"message\":\"hello world {k}\"}}\n").into_bytes()));
    }
    let lines = BufReader::with_capacity(256 * 1024, File::open(what).expect("file")).split(b'\n');
    Box::new(lines.map(|line| {
        let mut line = line.expect("line");
        line.push(b'\n');
        line
    }))
}

fn next_batch(source: &mut std::iter::Peekable<Source>) -> Vec<Record> {
    let (mut batch, mut bytes) = (Vec::with_capacity(PER_CALL), 0);
    while batch.len() < PER_CALL {
        match source.peek() {
            Some(next) if bytes + next.len() <= MAX_BYTES => bytes += next.len(),
            _ => break,
        }
        let data = source.next().expect("peeked");
        batch.push(Record::builder().data(Blob::new(data)).build().expect("data is set"));
    }
    batch
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (stream, what) = (args[1].clone(), args[2].clone());
    let endpoint = std::env::var("AWS_ENDPOINT_URL_FIREHOSE").expect("AWS_ENDPOINT_URL_FIREHOSE");
    let config = Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_firehose::config::Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "bench"))
        .endpoint_url(endpoint)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    let client = Client::from_conf(config);
    let records = Rc::new(RefCell::new(source(&what).peekable()));
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let slots: Vec<_> = (0..8)
                .map(|_| {
                    let (client, records, stream) = (client.clone(), records.clone(), stream.clone());
                    tokio::task::spawn_local(async move {
                        loop {
                            let mut batch = next_batch(&mut records.borrow_mut());
                            if batch.is_empty() {
                                return;
                            }
                            while !batch.is_empty() {
                                let call = client.put_record_batch().delivery_stream_name(&stream);
                                let answer = call.set_records(Some(batch.clone())).send().await.expect("answer");
                                if answer.failed_put_count() == 0 {
                                    break;
                                }
                                let failed = answer.request_responses().iter().zip(batch);
                                batch = failed.filter(|(r, _)| r.error_code().is_some()).map(|(_, b)| b).collect();
                            }
                        }
                    })
                })
                .collect();
            for slot in slots {
                slot.await.expect("slot");
            }
        })
        .await;
}
