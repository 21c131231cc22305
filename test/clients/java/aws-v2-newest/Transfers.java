import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Amazon's SDK for Java as it is by default: puts, gets, copies, lists, presigns and deletes objects of one bucket. */
class Transfers {
    private static final String KEY = "folder/a b+c é.txt";
    private static final String COPY = "copies/of a b+c é.txt";

    private final String bucket;
    private final URI endpoint;
    private final Region region;

    private Transfers(String bucket, URI endpoint, Region region) {
        this.bucket = bucket;
        this.endpoint = endpoint;
        this.region = region;
    }

    /** Arguments: bucket, endpoint, region. The key is found in the environment. */
    public static void main(String[] arguments) throws Exception {
        var transfers = new Transfers(arguments[0], URI.create(arguments[1]), Region.of(arguments[2]));
        try (var s3 = S3Client.builder()
                .endpointOverride(transfers.endpoint).region(transfers.region).forcePathStyle(true).build()) {
            transfers.roundTrips(s3);
            transfers.presigned();
            transfers.largeInParts();
            transfers.listings(s3);
            transfers.refusals(s3);
            transfers.deletions(s3);
        }
        System.out.println("all round trips are equal");
    }

    private void roundTrips(S3Client s3) {
        byte[] bytes = randomBytes(300_001);
        s3.putObject(put -> put.bucket(bucket).key(KEY).contentType("text/x-note").metadata(Map.of("author", "me")),
                RequestBody.fromBytes(bytes));
        var head = s3.headObject(ask -> ask.bucket(bucket).key(KEY));
        check("length", head.contentLength() == bytes.length);
        check("type", head.contentType().equals("text/x-note"));
        check("metadata", head.metadata().get("author").equals("me"));
        check("get", Arrays.equals(bytes, s3.getObjectAsBytes(get -> get.bucket(bucket).key(KEY)).asByteArray()));
        var range = s3.getObjectAsBytes(get -> get.bucket(bucket).key(KEY).range("bytes=1000-1999"));
        check("range", Arrays.equals(Arrays.copyOfRange(bytes, 1000, 2000), range.asByteArray()));
        s3.copyObject(copy -> copy.sourceBucket(bucket).sourceKey(KEY).destinationBucket(bucket).destinationKey(COPY));
        check("copy", Arrays.equals(bytes, s3.getObjectAsBytes(get -> get.bucket(bucket).key(COPY)).asByteArray()));
        s3.putObject(put -> put.bucket(bucket).key("empty"), RequestBody.empty());
        check("empty", s3.getObjectAsBytes(get -> get.bucket(bucket).key("empty")).asByteArray().length == 0);
    }

    private void presigned() throws Exception {
        var http = HttpClient.newHttpClient();
        try (var presigner = S3Presigner.builder().endpointOverride(endpoint).region(region)
                .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build()).build()) {
            var put = presigner.presignPutObject(sign -> sign.signatureDuration(Duration.ofMinutes(5))
                    .putObjectRequest(object -> object.bucket(bucket).key("signed/a+b c")));
            var upload = HttpRequest.newBuilder(put.url().toURI()).PUT(HttpRequest.BodyPublishers.ofString("signed"));
            check("presigned put", http.send(upload.build(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
            var get = presigner.presignGetObject(sign -> sign.signatureDuration(Duration.ofMinutes(5))
                    .getObjectRequest(object -> object.bucket(bucket).key("signed/a+b c")));
            var download = HttpRequest.newBuilder(get.url().toURI()).GET().build();
            check("presigned get", http.send(download, HttpResponse.BodyHandlers.ofString()).body().equals("signed"));
        }
    }

    private void largeInParts() {
        byte[] bytes = randomBytes(20_000_001);
        try (var s3 = S3AsyncClient.builder()
                .endpointOverride(endpoint).region(region).forcePathStyle(true).multipartEnabled(true).build()) {
            s3.putObject(put -> put.bucket(bucket).key("large"), AsyncRequestBody.fromBytes(bytes)).join();
            var got = s3.getObject(get -> get.bucket(bucket).key("large"), AsyncResponseTransformer.toBytes()).join();
            check("large", Arrays.equals(bytes, got.asByteArray()));
            s3.copyObject(copy -> copy.sourceBucket(bucket).sourceKey("large").destinationBucket(bucket)
                    .destinationKey("large copy")).join();
            var copied = s3.getObject(get -> get.bucket(bucket).key("large copy"), AsyncResponseTransformer.toBytes());
            check("large copy", Arrays.equals(bytes, copied.join().asByteArray()));
        }
    }

    private void listings(S3Client s3) {
        var pages = s3.listObjectsV2Paginator(list -> list.bucket(bucket).maxKeys(2));
        List<String> keys = pages.contents().stream().map(S3Object::key).toList();
        check("keys: " + keys,
                keys.equals(List.of(COPY, "empty", KEY, "large", "large copy", "signed/a+b c")));
    }

    private void refusals(S3Client s3) {
        try {
            s3.getObjectAsBytes(get -> get.bucket(bucket).key("missing"));
            check("a missing key is refused", false);
        } catch (NoSuchKeyException expected) {
            check("status", expected.statusCode() == 404);
        }
        try {
            s3.listObjectsV2(list -> list.bucket("another-" + bucket));
            check("another bucket is refused", false);
        } catch (S3Exception expected) {
            check("status", expected.statusCode() == 403 || expected.statusCode() == 404);
        }
    }

    private void deletions(S3Client s3) {
        s3.deleteObject(object -> object.bucket(bucket).key("empty"));
        var rest = s3.listObjectsV2Paginator(list -> list.bucket(bucket)).contents().stream()
                .map(object -> ObjectIdentifier.builder().key(object.key()).build()).toList();
        var deleted = s3.deleteObjects(ask -> ask.bucket(bucket).delete(Delete.builder().objects(rest).build()));
        check("deleted", deleted.deleted().size() == rest.size() && deleted.errors().isEmpty());
        check("nothing is left", s3.listObjectsV2(list -> list.bucket(bucket)).keyCount() == 0);
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void check(String what, boolean isRight) {
        if (!isRight) throw new AssertionError(what);
    }
}
