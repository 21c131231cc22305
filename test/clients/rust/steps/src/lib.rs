//! The steps that all clients of the matrix go through, and the line of JSON that is printed for each.

use serde::Deserialize;
use std::{env, fs, io::Read};

/// The values of steps.json.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    keys: Vec<String>,
    small_bytes: usize,
    ranges: Vec<(u64, u64)>,
    large: Large,
    copies: Vec<(String, String)>,
    pages: Pages,
    missing: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Large {
    key: String,
    bytes: usize,
    part_bytes: usize,
    range: (u64, u64),
}

#[derive(Deserialize)]
struct Pages {
    prefix: String,
    count: usize,
    size: usize,
}

/// Where the bucket of the steps is, and who reaches it.
#[derive(Clone)]
pub struct Place {
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub key_id: String,
    pub secret: String,
}

/// What went wrong, and the server's own code where the client tells it.
#[derive(Debug)]
pub struct Failure {
    pub text: String,
    pub code: Option<String>,
}

impl Failure {
    pub fn new(text: impl ToString) -> Self {
        Failure {
            text: text.to_string(),
            code: None,
        }
    }
}

pub type Outcome<T> = Result<T, Failure>;

/// One client, told in the words that all of them share.
#[allow(async_fn_in_trait)]
pub trait Store: Sized {
    fn open(place: &Place) -> Self;
    async fn put(&self, key: &str, body: &[u8]) -> Outcome<()>;
    async fn put_in_parts(&self, key: &str, body: &[u8], part_bytes: usize) -> Outcome<()>;
    async fn get(&self, key: &str) -> Outcome<Vec<u8>>;
    /// Both ends are inclusive.
    async fn get_range(&self, key: &str, first: u64, last: u64) -> Outcome<Vec<u8>>;
    async fn size(&self, key: &str) -> Outcome<u64>;
    async fn copy(&self, from: &str, to: &str) -> Outcome<()>;
    /// The keys under a prefix in the order in which they came, asking for so many at a time where the client lets one say that.
    async fn list(&self, prefix: &str, page_size: usize) -> Outcome<Vec<String>>;
    async fn presign(&self, key: &str) -> Outcome<String>;
    async fn delete(&self, keys: &[String]) -> Outcome<()>;
}

/// Goes through all steps. Arguments: the file with the steps' values, endpoint, region, the key's bucket, another bucket.
pub async fn run<S: Store>() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, endpoint, region, bucket, other] = arguments.as_slice() else {
        panic!("five arguments are needed");
    };
    let values: Values =
        serde_json::from_str(&fs::read_to_string(file).expect("the values")).expect("values");
    let place = Place {
        endpoint: endpoint.clone(),
        region: region.clone(),
        bucket: bucket.clone(),
        key_id: env::var("AWS_ACCESS_KEY_ID").expect("a key"),
        secret: env::var("AWS_SECRET_ACCESS_KEY").expect("a secret"),
    };
    let store = S::open(&place);
    let small = body_of(values.small_bytes);
    step("put", put(&store, &values, &small).await);
    step("get", get(&store, &values, &small).await);
    step("range", ranges(&store, &values, &small).await);
    step("head", head(&store, &values, &small).await);
    step("parts", parts(&store, &values.large).await);
    step("copy", copies(&store, &values, &small).await);
    step("list", listings(&store, &values).await);
    step("presign", presigned(&store, &values, &small).await);
    refusal("missing", store.get(&values.missing).await);
    let first = &values.keys[0];
    let secret = format!("{}x", place.secret);
    refusal(
        "wrong-secret",
        S::open(&Place {
            secret,
            ..place.clone()
        })
        .get(first)
        .await,
    );
    let key_id = "AKIAUNKNOWNUNKNOWN00".to_string();
    refusal(
        "unknown-key",
        S::open(&Place {
            key_id,
            ..place.clone()
        })
        .get(first)
        .await,
    );
    refusal(
        "other-bucket",
        S::open(&Place {
            bucket: other.clone(),
            ..place.clone()
        })
        .get(first)
        .await,
    );
    step("delete", deletions(&store).await);
}

async fn put<S: Store>(store: &S, values: &Values, small: &[u8]) -> Outcome<()> {
    for key in &values.keys {
        store.put(key, small).await?;
    }
    Ok(())
}

async fn get<S: Store>(store: &S, values: &Values, small: &[u8]) -> Outcome<()> {
    for key in &values.keys {
        expect_bytes(&store.get(key).await?, small)?;
    }
    Ok(())
}

async fn ranges<S: Store>(store: &S, values: &Values, small: &[u8]) -> Outcome<()> {
    for key in &values.keys {
        for &(first, last) in &values.ranges {
            expect_bytes(
                &store.get_range(key, first, last).await?,
                &small[first as usize..=last as usize],
            )?;
        }
    }
    Ok(())
}

async fn head<S: Store>(store: &S, values: &Values, small: &[u8]) -> Outcome<()> {
    for key in &values.keys {
        let size = store.size(key).await?;
        if size != small.len() as u64 {
            return Err(Failure::new(format!(
                "{key}: {size} bytes instead of {}",
                small.len()
            )));
        }
    }
    Ok(())
}

async fn parts<S: Store>(store: &S, large: &Large) -> Outcome<()> {
    let body = body_of(large.bytes);
    store
        .put_in_parts(&large.key, &body, large.part_bytes)
        .await?;
    expect_bytes(&store.get(&large.key).await?, &body)?;
    let (first, last) = large.range;
    expect_bytes(
        &store.get_range(&large.key, first, last).await?,
        &body[first as usize..=last as usize],
    )
}

async fn copies<S: Store>(store: &S, values: &Values, small: &[u8]) -> Outcome<()> {
    for (from, to) in &values.copies {
        store.copy(from, to).await?;
        expect_bytes(&store.get(to).await?, small)?;
    }
    Ok(())
}

async fn listings<S: Store>(store: &S, values: &Values) -> Outcome<()> {
    let mut hard = values.keys.clone();
    hard.sort();
    expect_keys(&store.list("keys/", 3).await?, &hard)?;
    let pages = &values.pages;
    let paged: Vec<String> = (0..pages.count)
        .map(|n| format!("{}{n:03}", pages.prefix))
        .collect();
    for key in &paged {
        store.put(key, b"").await?;
    }
    expect_keys(&store.list(&pages.prefix, pages.size).await?, &paged)
}

async fn presigned<S: Store>(store: &S, values: &Values, small: &[u8]) -> Outcome<()> {
    for key in &values.keys {
        let mut answer = ureq::get(store.presign(key).await?)
            .call()
            .map_err(Failure::new)?;
        let mut body = Vec::new();
        answer
            .body_mut()
            .as_reader()
            .read_to_end(&mut body)
            .map_err(Failure::new)?;
        expect_bytes(&body, small)?;
    }
    Ok(())
}

async fn deletions<S: Store>(store: &S) -> Outcome<()> {
    store.delete(&store.list("", 1000).await?).await?;
    expect_keys(&store.list("", 1000).await?, &[])
}

/// The object of so many bytes that each program of the matrix makes alike.
fn body_of(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + (at >> 8)) as u8).collect()
}

fn step(name: &str, outcome: Outcome<()>) {
    println!(
        "{}",
        match outcome {
            Ok(()) => serde_json::json!({ "step": name }),
            Err(failure) => serde_json::json!({ "step": name, "error": failure.text }),
        }
    );
}

/// Says with which code something that must fail was refused.
fn refusal(name: &str, outcome: Outcome<Vec<u8>>) {
    println!(
        "{}",
        match outcome {
            Ok(_) => serde_json::json!({ "step": name, "error": "it was not refused" }),
            Err(Failure {
                code: Some(code), ..
            }) => serde_json::json!({ "step": name, "refusedWith": code }),
            Err(failure) => serde_json::json!({ "step": name, "error": failure.text }),
        }
    );
}

fn expect_bytes(got: &[u8], wanted: &[u8]) -> Outcome<()> {
    if got == wanted {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{} bytes that are not the {} put",
            got.len(),
            wanted.len()
        )))
    }
}

fn expect_keys(got: &[String], wanted: &[String]) -> Outcome<()> {
    if got == wanted {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "listed {got:?} instead of {wanted:?}"
        )))
    }
}
