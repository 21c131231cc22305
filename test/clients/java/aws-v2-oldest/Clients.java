import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** The clients of the AWS SDK for Java v2 of early 2023, when only the common runtime (CRT) made parts by itself. */
class Clients {
    static final Map<String, ObjectStore.Opener> CLIENTS = Map.of(
            "sync", SyncStore::new,
            "netty", NettyStore::new,
            "crt", place -> new AsyncStore(place, crt(place)),
            "transfer-manager", place -> new TransferManagerStore(place, crt(place)));

    private static S3AsyncClient crt(Place place) {
        return S3AsyncClient.crtBuilder().endpointOverride(place.endpoint()).region(AwsV2Store.region(place))
                .credentialsProvider(AwsV2Store.credentials(place)).build();
    }

    private static class NettyStore extends AsyncStore {
        NettyStore(Place place) {
            super(place, S3AsyncClient.builder().endpointOverride(place.endpoint()).region(region(place))
                    .credentialsProvider(credentials(place)).forcePathStyle(true).build());
        }

        @Override
        public void putInParts(String key, byte[] body, int partBytes) {
            String uploadId = s3.createMultipartUpload(create -> create.bucket(bucket).key(key)).join().uploadId();
            var parts = new ArrayList<CompletedPart>();
            for (int from = 0; from < body.length; from += partBytes) {
                int number = parts.size() + 1;
                byte[] part = Arrays.copyOfRange(body, from, Math.min(from + partBytes, body.length));
                var put = s3.uploadPart(ask -> ask.bucket(bucket).key(key).uploadId(uploadId).partNumber(number),
                        AsyncRequestBody.fromBytes(part)).join();
                parts.add(CompletedPart.builder().partNumber(number).eTag(put.eTag()).build());
            }
            s3.completeMultipartUpload(ask -> ask.bucket(bucket).key(key).uploadId(uploadId)
                    .multipartUpload(upload -> upload.parts(parts))).join();
        }
    }
}
