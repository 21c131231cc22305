//! object_store, which polars, deltalake and DataFusion read tables with.

use futures::TryStreamExt;
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
    signer::Signer,
};
use std::time::Duration;
use steps::{Failure, Outcome, Place, Store};

struct Objects(AmazonS3);

impl Store for Objects {
    fn open(place: &Place) -> Self {
        let store = AmazonS3Builder::new()
            .with_endpoint(&place.endpoint)
            .with_region(&place.region)
            .with_bucket_name(&place.bucket)
            .with_access_key_id(&place.key_id)
            .with_secret_access_key(&place.secret)
            .with_allow_http(true)
            .build();
        Objects(store.expect("a store"))
    }

    async fn put(&self, key: &str, body: &[u8]) -> Outcome<()> {
        self.0
            .put(&path(key)?, PutPayload::from(body.to_vec()))
            .await
            .map_err(failure)?;
        Ok(())
    }

    async fn put_in_parts(&self, key: &str, body: &[u8], part_bytes: usize) -> Outcome<()> {
        let upload = self.0.put_multipart(&path(key)?).await.map_err(failure)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, part_bytes);
        writer.write(body);
        writer.finish().await.map_err(failure)?;
        Ok(())
    }

    async fn get(&self, key: &str) -> Outcome<Vec<u8>> {
        let found = self.0.get(&path(key)?).await.map_err(failure)?;
        Ok(found.bytes().await.map_err(failure)?.to_vec())
    }

    async fn get_range(&self, key: &str, first: u64, last: u64) -> Outcome<Vec<u8>> {
        Ok(self
            .0
            .get_range(&path(key)?, first..last + 1)
            .await
            .map_err(failure)?
            .to_vec())
    }

    async fn size(&self, key: &str) -> Outcome<u64> {
        Ok(self.0.head(&path(key)?).await.map_err(failure)?.size)
    }

    async fn copy(&self, from: &str, to: &str) -> Outcome<()> {
        self.0.copy(&path(from)?, &path(to)?).await.map_err(failure)
    }

    async fn list(&self, prefix: &str, _page_size: usize) -> Outcome<Vec<String>> {
        let prefix = path(prefix.trim_end_matches('/'))?;
        let found: Vec<_> = self
            .0
            .list(Some(&prefix))
            .try_collect()
            .await
            .map_err(failure)?;
        Ok(found
            .into_iter()
            .map(|object| object.location.to_string())
            .collect())
    }

    async fn presign(&self, key: &str) -> Outcome<String> {
        let url = self
            .0
            .signed_url(
                "GET".parse().expect("a method"),
                &path(key)?,
                Duration::from_secs(300),
            )
            .await;
        Ok(url.map_err(failure)?.to_string())
    }

    async fn delete(&self, keys: &[String]) -> Outcome<()> {
        let paths: Vec<_> = keys
            .iter()
            .map(|key| Path::parse(key).map_err(object_store::Error::from))
            .collect();
        let deleted = self.0.delete_stream(Box::pin(futures::stream::iter(paths)));
        deleted.try_collect::<Vec<_>>().await.map_err(failure)?;
        Ok(())
    }
}

fn path(key: &str) -> Outcome<Path> {
    Path::parse(key).map_err(Failure::new)
}

/// Its errors have kinds, and the server's code in their text.
fn failure(error: object_store::Error) -> Failure {
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
    steps::run::<Objects>().await;
}
