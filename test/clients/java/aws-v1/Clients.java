import com.amazonaws.AmazonServiceException;
import com.amazonaws.HttpMethod;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.DeleteObjectsRequest;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import com.amazonaws.services.s3.transfer.TransferManager;
import com.amazonaws.services.s3.transfer.TransferManagerBuilder;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** The AWS SDK for Java v1, with its transfer manager. */
class Clients {
    static final Map<String, ObjectStore.Opener> CLIENTS = Map.of("aws-v1", AwsV1Store::new);

    private static class AwsV1Store implements ObjectStore {
        private final AmazonS3 s3;
        private final String bucket;

        AwsV1Store(Place place) {
            bucket = place.bucket();
            var credentials = new BasicAWSCredentials(place.keyId(), place.secret());
            s3 = AmazonS3ClientBuilder.standard()
                    .withEndpointConfiguration(new EndpointConfiguration(place.endpoint().toString(), place.region()))
                    .withCredentials(new AWSStaticCredentialsProvider(credentials))
                    .withPathStyleAccessEnabled(true).build();
        }

        @Override
        public void put(String key, byte[] body) {
            s3.putObject(bucket, key, new ByteArrayInputStream(body), lengthOf(body));
        }

        @Override
        public void putInParts(String key, byte[] body, int partBytes) throws Exception {
            TransferManager transfers = TransferManagerBuilder.standard().withS3Client(s3)
                    .withMinimumUploadPartSize((long) partBytes).withMultipartUploadThreshold((long) partBytes).build();
            try {
                transfers.upload(bucket, key, new ByteArrayInputStream(body), lengthOf(body)).waitForCompletion();
            } finally {
                transfers.shutdownNow(false);
            }
        }

        private static ObjectMetadata lengthOf(byte[] body) {
            var metadata = new ObjectMetadata();
            metadata.setContentLength(body.length);
            return metadata;
        }

        @Override
        public byte[] get(String key) throws Exception {
            return read(new GetObjectRequest(bucket, key));
        }

        @Override
        public byte[] getRange(String key, long first, long last) throws Exception {
            return read(new GetObjectRequest(bucket, key).withRange(first, last));
        }

        private byte[] read(GetObjectRequest request) throws Exception {
            try (var object = s3.getObject(request)) {
                return object.getObjectContent().readAllBytes();
            }
        }

        @Override
        public long size(String key) {
            return s3.getObjectMetadata(bucket, key).getContentLength();
        }

        @Override
        public void copy(String from, String to) {
            s3.copyObject(bucket, from, bucket, to);
        }

        @Override
        public List<String> list(String prefix, int pageSize) {
            var keys = new ArrayList<String>();
            var request = new ListObjectsV2Request().withBucketName(bucket).withPrefix(prefix).withMaxKeys(pageSize);
            do {
                var page = s3.listObjectsV2(request);
                page.getObjectSummaries().stream().map(S3ObjectSummary::getKey).forEach(keys::add);
                request.setContinuationToken(page.getNextContinuationToken());
            } while (request.getContinuationToken() != null);
            return keys;
        }

        @Override
        public URI presign(String key) throws Exception {
            var expires = Date.from(Instant.now().plus(Duration.ofMinutes(5)));
            return s3.generatePresignedUrl(bucket, key, expires, HttpMethod.GET).toURI();
        }

        @Override
        public void delete(List<String> keys) {
            s3.deleteObject(bucket, keys.get(0));
            s3.deleteObjects(new DeleteObjectsRequest(bucket)
                    .withKeys(keys.subList(1, keys.size()).toArray(String[]::new)));
        }

        @Override
        public String code(Exception failure) {
            return failure instanceof AmazonServiceException refused ? refused.getErrorCode() : null;
        }

        @Override
        public void close() {
            s3.shutdown();
        }
    }
}
