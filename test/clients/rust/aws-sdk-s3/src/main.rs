//! Amazon's SDK for Rust in its defaults, over a client without TLS.

use aws_credential_types::Credentials;
use aws_sdk_s3::{
    Client, Config,
    config::{BehaviorVersion, Region},
    error::{ProvideErrorMetadata, SdkError},
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart, Delete, ObjectIdentifier},
};
use aws_smithy_http_client::Builder;
use std::{fmt::Debug, time::Duration};
use steps::{Failure, Outcome, Place, Store};

struct Objects {
    s3: Client,
    bucket: String,
}

impl Store for Objects {
    fn open(place: &Place) -> Self {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&place.endpoint)
            .region(Region::new(place.region.clone()))
            .credentials_provider(Credentials::new(
                &place.key_id,
                &place.secret,
                None,
                None,
                "steps",
            ))
            .force_path_style(true)
            .http_client(Builder::new().build_http());
        Objects {
            s3: Client::from_conf(config.build()),
            bucket: place.bucket.clone(),
        }
    }

    async fn put(&self, key: &str, body: &[u8]) -> Outcome<()> {
        let body = ByteStream::from(body.to_vec());
        self.s3
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .body(body)
            .send()
            .await
            .map_err(failure)?;
        Ok(())
    }

    async fn put_in_parts(&self, key: &str, body: &[u8], part_bytes: usize) -> Outcome<()> {
        let begun = self
            .s3
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(failure)?;
        let id = begun.upload_id().unwrap_or_default();
        let mut parts = CompletedMultipartUpload::builder();
        for (number, part) in (1..).zip(body.chunks(part_bytes)) {
            let upload = self
                .s3
                .upload_part()
                .bucket(&self.bucket)
                .key(key)
                .upload_id(id)
                .part_number(number);
            let sent = upload
                .body(ByteStream::from(part.to_vec()))
                .send()
                .await
                .map_err(failure)?;
            let done = CompletedPart::builder()
                .part_number(number)
                .set_e_tag(sent.e_tag)
                .set_checksum_crc32(sent.checksum_crc32);
            parts = parts.parts(done.build());
        }
        let complete = self
            .s3
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id);
        complete
            .multipart_upload(parts.build())
            .send()
            .await
            .map_err(failure)?;
        Ok(())
    }

    async fn get(&self, key: &str) -> Outcome<Vec<u8>> {
        let found = self
            .s3
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(failure)?;
        Ok(found.body.collect().await.map_err(Failure::new)?.to_vec())
    }

    async fn get_range(&self, key: &str, first: u64, last: u64) -> Outcome<Vec<u8>> {
        let get = self
            .s3
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .range(format!("bytes={first}-{last}"));
        Ok(get
            .send()
            .await
            .map_err(failure)?
            .body
            .collect()
            .await
            .map_err(Failure::new)?
            .to_vec())
    }

    async fn size(&self, key: &str) -> Outcome<u64> {
        let head = self
            .s3
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(failure)?;
        Ok(head.content_length().unwrap_or(-1) as u64)
    }

    async fn copy(&self, from: &str, to: &str) -> Outcome<()> {
        let source = format!("{}/{}", self.bucket, percent_encoded(from));
        self.s3
            .copy_object()
            .bucket(&self.bucket)
            .key(to)
            .copy_source(source)
            .send()
            .await
            .map_err(failure)?;
        Ok(())
    }

    async fn list(&self, prefix: &str, page_size: usize) -> Outcome<Vec<String>> {
        let list = self
            .s3
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .max_keys(page_size as i32);
        let mut pages = list.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            keys.extend(
                page.map_err(failure)?
                    .contents()
                    .iter()
                    .filter_map(|object| object.key().map(String::from)),
            );
        }
        Ok(keys)
    }

    async fn presign(&self, key: &str) -> Outcome<String> {
        let minutes =
            PresigningConfig::expires_in(Duration::from_secs(300)).map_err(Failure::new)?;
        let signed = self
            .s3
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .presigned(minutes)
            .await
            .map_err(failure)?;
        Ok(signed.uri().to_string())
    }

    async fn delete(&self, keys: &[String]) -> Outcome<()> {
        let named = |key: &String| {
            ObjectIdentifier::builder()
                .key(key)
                .build()
                .map_err(Failure::new)
        };
        let objects = keys.iter().map(named).collect::<Outcome<Vec<_>>>()?;
        let delete = Delete::builder()
            .set_objects(Some(objects))
            .build()
            .map_err(Failure::new)?;
        let answer = self
            .s3
            .delete_objects()
            .bucket(&self.bucket)
            .delete(delete)
            .send()
            .await
            .map_err(failure)?;
        match answer.errors() {
            [] => Ok(()),
            [first, ..] => Err(Failure::new(format!("{first:?}"))),
        }
    }
}

fn failure<E: ProvideErrorMetadata + Debug, R: Debug>(error: SdkError<E, R>) -> Failure {
    Failure {
        code: error.code().map(String::from),
        text: format!("{error:?}"),
    }
}

fn percent_encoded(key: &str) -> String {
    key.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    steps::run::<Objects>().await;
}
