import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The client that waits for each response. */
class SyncStore extends AwsV2Store {
    private final S3Client s3;
    private final String bucket;

    SyncStore(Place place) {
        super(place);
        bucket = place.bucket();
        s3 = S3Client.builder().endpointOverride(place.endpoint()).region(region(place))
                .credentialsProvider(credentials(place)).forcePathStyle(true).build();
    }

    @Override
    public void put(String key, byte[] body) {
        s3.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(body));
    }

    @Override
    public void putInParts(String key, byte[] body, int partBytes) {
        String uploadId = s3.createMultipartUpload(create -> create.bucket(bucket).key(key)).uploadId();
        var parts = new ArrayList<CompletedPart>();
        for (int from = 0; from < body.length; from += partBytes) {
            int number = parts.size() + 1;
            byte[] part = Arrays.copyOfRange(body, from, Math.min(from + partBytes, body.length));
            var put = s3.uploadPart(ask -> ask.bucket(bucket).key(key).uploadId(uploadId).partNumber(number),
                    RequestBody.fromBytes(part));
            parts.add(CompletedPart.builder().partNumber(number).eTag(put.eTag()).build());
        }
        s3.completeMultipartUpload(ask -> ask.bucket(bucket).key(key).uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(parts)));
    }

    @Override
    public byte[] get(String key) {
        return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    }

    @Override
    public byte[] getRange(String key, long first, long last) {
        return s3.getObjectAsBytes(get -> get.bucket(bucket).key(key).range(rangeOf(first, last))).asByteArray();
    }

    @Override
    public long size(String key) {
        return s3.headObject(head -> head.bucket(bucket).key(key)).contentLength();
    }

    @Override
    public void copy(String from, String to) {
        s3.copyObject(copy -> copy.sourceBucket(bucket).sourceKey(from).destinationBucket(bucket).destinationKey(to));
    }

    @Override
    public List<String> list(String prefix, int pageSize) {
        return s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix).maxKeys(pageSize))
                .contents().stream().map(S3Object::key).toList();
    }

    @Override
    public void delete(List<String> keys) {
        s3.deleteObject(delete -> delete.bucket(bucket).key(keys.get(0)));
        var rest = keys.stream().skip(1).map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        var deleted = s3.deleteObjects(ask -> ask.bucket(bucket).delete(Delete.builder().objects(rest).build()));
        if (deleted.hasErrors()) throw new AssertionError(deleted.errors().toString());
    }

    @Override
    public void close() {
        s3.close();
    }
}
