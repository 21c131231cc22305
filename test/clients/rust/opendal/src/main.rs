//! OpenDAL's service for S3.

use futures::TryStreamExt;
use opendal::{Error, Operator, services::S3};
use std::time::Duration;
use steps::{Failure, Outcome, Place, Store};

struct Objects(Operator);

impl Store for Objects {
    fn open(place: &Place) -> Self {
        let service = S3::default()
            .endpoint(&place.endpoint)
            .region(&place.region)
            .bucket(&place.bucket)
            .access_key_id(&place.key_id)
            .secret_access_key(&place.secret)
            .disable_config_load();
        Objects(Operator::new(service).expect("an operator"))
    }

    async fn put(&self, key: &str, body: &[u8]) -> Outcome<()> {
        self.0.write(key, body.to_vec()).await.map_err(failure)?;
        Ok(())
    }

    async fn put_in_parts(&self, key: &str, body: &[u8], part_bytes: usize) -> Outcome<()> {
        let mut writer = self
            .0
            .writer_with(key)
            .chunk(part_bytes)
            .await
            .map_err(failure)?;
        writer.write(body.to_vec()).await.map_err(failure)?;
        writer.close().await.map_err(failure)?;
        Ok(())
    }

    async fn get(&self, key: &str) -> Outcome<Vec<u8>> {
        Ok(self.0.read(key).await.map_err(failure)?.to_vec())
    }

    async fn get_range(&self, key: &str, first: u64, last: u64) -> Outcome<Vec<u8>> {
        Ok(self
            .0
            .read_with(key)
            .range(first..=last)
            .await
            .map_err(failure)?
            .to_vec())
    }

    async fn size(&self, key: &str) -> Outcome<u64> {
        Ok(self.0.stat(key).await.map_err(failure)?.content_length())
    }

    async fn copy(&self, from: &str, to: &str) -> Outcome<()> {
        self.0.copy(from, to).await.map_err(failure)?;
        Ok(())
    }

    async fn list(&self, prefix: &str, page_size: usize) -> Outcome<Vec<String>> {
        let lister = self
            .0
            .lister_with(prefix)
            .recursive(true)
            .limit(page_size)
            .await
            .map_err(failure)?;
        let found: Vec<_> = lister.try_collect().await.map_err(failure)?;
        Ok(found
            .into_iter()
            .filter(|entry| entry.metadata().is_file())
            .map(|entry| entry.path().to_string())
            .collect())
    }

    async fn presign(&self, key: &str) -> Outcome<String> {
        Ok(self
            .0
            .presign_read(key, Duration::from_secs(300))
            .await
            .map_err(failure)?
            .uri()
            .to_string())
    }

    async fn delete(&self, keys: &[String]) -> Outcome<()> {
        self.0.delete_iter(keys.to_vec()).await.map_err(failure)
    }
}

/// Its errors have kinds, and the server's code in their text.
fn failure(error: Error) -> Failure {
    let text = format!("{error:?}");
    let code = [
        "NoSuchKey",
        "SignatureDoesNotMatch",
        "InvalidAccessKeyId",
        "AccessDenied",
    ];
    Failure {
        code: code
            .into_iter()
            .find(|code| text.contains(*code))
            .map(String::from),
        text,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("a provider of cryptography");
    opendal_http_transport_reqwest::install_default();
    steps::run::<Objects>().await;
}
