import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/** A client that gives promises: over Netty, or over the common runtime (CRT). It makes the parts of a large object by itself. */
class AsyncStore extends AwsV2Store {
    protected final S3AsyncClient s3;
    protected final String bucket;

    AsyncStore(Place place, S3AsyncClient s3) {
        super(place);
        this.s3 = s3;
        bucket = place.bucket();
    }

    @Override
    public void put(String key, byte[] body) {
        s3.putObject(put -> put.bucket(bucket).key(key), AsyncRequestBody.fromBytes(body)).join();
    }

    @Override
    public void putInParts(String key, byte[] body, int partBytes) throws Exception {
        put(key, body);
        // The ETag of an object in parts ends with their number.
        String eTag = s3.headObject(head -> head.bucket(bucket).key(key)).join().eTag();
        if (!eTag.contains("-")) throw new AssertionError(key + " was not stored in parts: " + eTag);
    }

    @Override
    public byte[] get(String key) throws Exception {
        return s3.getObject(get -> get.bucket(bucket).key(key), AsyncResponseTransformer.toBytes()).join().asByteArray();
    }

    @Override
    public byte[] getRange(String key, long first, long last) {
        return s3.getObject(get -> get.bucket(bucket).key(key).range(rangeOf(first, last)), AsyncResponseTransformer.toBytes())
                .join().asByteArray();
    }

    @Override
    public long size(String key) {
        return s3.headObject(head -> head.bucket(bucket).key(key)).join().contentLength();
    }

    @Override
    public void copy(String from, String to) {
        s3.copyObject(copy -> copy.sourceBucket(bucket).sourceKey(from).destinationBucket(bucket).destinationKey(to)).join();
    }

    @Override
    public List<String> list(String prefix, int pageSize) {
        var keys = new ArrayList<String>();
        CompletableFuture<Void> pages = s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix).maxKeys(pageSize))
                .subscribe(page -> page.contents().forEach(object -> keys.add(object.key())));
        pages.join();
        return keys;
    }

    @Override
    public void delete(List<String> keys) {
        s3.deleteObject(delete -> delete.bucket(bucket).key(keys.get(0))).join();
        var rest = keys.stream().skip(1).map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        var deleted = s3.deleteObjects(ask -> ask.bucket(bucket).delete(Delete.builder().objects(rest).build())).join();
        if (deleted.hasErrors()) throw new AssertionError(deleted.errors().toString());
    }

    @Override
    public void close() {
        s3.close();
    }
}
