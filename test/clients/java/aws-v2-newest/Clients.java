import java.util.Map;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The clients of the AWS SDK for Java v2, as soon as the one over Netty makes parts by itself. */
class Clients {
    static final Map<String, ObjectStore.Opener> CLIENTS = Map.of(
            "sync", SyncStore::new,
            "netty", place -> new AsyncStore(place, netty(place)),
            "crt", place -> new AsyncStore(place, crt(place)),
            "transfer-manager", place -> new TransferManagerStore(place, netty(place)));

    private static S3AsyncClient netty(Place place) {
        return S3AsyncClient.builder().endpointOverride(place.endpoint()).region(AwsV2Store.region(place))
                .credentialsProvider(AwsV2Store.credentials(place)).forcePathStyle(true).multipartEnabled(true).build();
    }

    private static S3AsyncClient crt(Place place) {
        return S3AsyncClient.crtBuilder().endpointOverride(place.endpoint()).region(AwsV2Store.region(place))
                .credentialsProvider(AwsV2Store.credentials(place)).forcePathStyle(true).build();
    }
}
