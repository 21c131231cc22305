import io.minio.CopyObjectArgs;
import io.minio.CopySource;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.RemoveObjectsArgs;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.http.Method;
import io.minio.messages.DeleteObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** MinIO's SDK for Java. */
class Clients {
    static final Map<String, ObjectStore.Opener> CLIENTS = Map.of("minio", MinioStore::new);

    private static class MinioStore implements ObjectStore {
        private final MinioClient client;
        private final String bucket;

        MinioStore(Place place) {
            bucket = place.bucket();
            client = MinioClient.builder().endpoint(place.endpoint().toString()).region(place.region())
                    .credentials(place.keyId(), place.secret()).build();
        }

        @Override
        public void put(String key, byte[] body) throws Exception {
            client.putObject(PutObjectArgs.builder().bucket(bucket).object(key)
                    .stream(new ByteArrayInputStream(body), body.length, -1).build());
        }

        @Override
        public void putInParts(String key, byte[] body, int partBytes) throws Exception {
            client.putObject(PutObjectArgs.builder().bucket(bucket).object(key)
                    .stream(new ByteArrayInputStream(body), -1, partBytes).build());
        }

        @Override
        public byte[] get(String key) throws Exception {
            try (var body = client.getObject(GetObjectArgs.builder().bucket(bucket).object(key).build())) {
                return body.readAllBytes();
            }
        }

        @Override
        public byte[] getRange(String key, long first, long last) throws Exception {
            try (var body = client.getObject(GetObjectArgs.builder().bucket(bucket).object(key)
                    .offset(first).length(last - first + 1).build())) {
                return body.readAllBytes();
            }
        }

        @Override
        public long size(String key) throws Exception {
            return client.statObject(StatObjectArgs.builder().bucket(bucket).object(key).build()).size();
        }

        @Override
        public void copy(String from, String to) throws Exception {
            client.copyObject(CopyObjectArgs.builder().bucket(bucket).object(to)
                    .source(CopySource.builder().bucket(bucket).object(from).build()).build());
        }

        @Override
        public List<String> list(String prefix, int pageSize) throws Exception {
            var keys = new ArrayList<String>();
            for (var found : client.listObjects(ListObjectsArgs.builder().bucket(bucket).prefix(prefix).recursive(true)
                    .maxKeys(pageSize).build())) keys.add(found.get().objectName());
            return keys;
        }

        @Override
        public URI presign(String key) throws Exception {
            return URI.create(client.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder().method(Method.GET)
                    .bucket(bucket).object(key).expiry(5, TimeUnit.MINUTES).build()));
        }

        @Override
        public void delete(List<String> keys) throws Exception {
            client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(keys.get(0)).build());
            var rest = keys.stream().skip(1).map(DeleteObject::new).toList();
            for (var failed : client.removeObjects(RemoveObjectsArgs.builder().bucket(bucket).objects(rest).build()))
                throw new AssertionError(failed.get().objectName() + ": " + failed.get().message());
        }

        @Override
        public String code(Exception failure) {
            return failure instanceof ErrorResponseException refused ? refused.errorResponse().code() : null;
        }

        @Override
        public void close() throws Exception {
            client.close();
        }
    }
}
