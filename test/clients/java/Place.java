import java.net.URI;

/** Where the bucket of the steps is, and who reaches it. */
record Place(URI endpoint, String region, String bucket, String keyId, String secret) {
    Place withSecret(String other) {
        return new Place(endpoint, region, bucket, keyId, other);
    }

    Place withKeyId(String other) {
        return new Place(endpoint, region, bucket, other, secret);
    }

    Place withBucket(String other) {
        return new Place(endpoint, region, other, keyId, secret);
    }
}
