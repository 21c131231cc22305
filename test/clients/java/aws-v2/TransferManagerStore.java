import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.awssdk.transfer.s3.model.DownloadRequest;

/** The transfer manager, for what it does; else the client beneath it. */
class TransferManagerStore extends AsyncStore {
    private final S3TransferManager transfers;

    TransferManagerStore(Place place, S3AsyncClient s3) {
        super(place, s3);
        transfers = S3TransferManager.builder().s3Client(s3).build();
    }

    @Override
    public void put(String key, byte[] body) {
        transfers.upload(upload -> upload.putObjectRequest(put -> put.bucket(bucket).key(key))
                .requestBody(AsyncRequestBody.fromBytes(body))).completionFuture().join();
    }

    @Override
    public void putInParts(String key, byte[] body, int partBytes) throws Exception {
        Path file = Files.createTempFile(Path.of(""), "upload", ".bin");
        Files.write(file, body);
        transfers.uploadFile(upload -> upload.putObjectRequest(put -> put.bucket(bucket).key(key)).source(file))
                .completionFuture().join();
        Files.delete(file);
    }

    @Override
    public byte[] get(String key) throws Exception {
        Path file = Path.of("download.bin");
        transfers.downloadFile(download -> download.getObjectRequest(get -> get.bucket(bucket).key(key)).destination(file))
                .completionFuture().join();
        byte[] body = Files.readAllBytes(file);
        Files.delete(file);
        return body;
    }

    @Override
    public byte[] getRange(String key, long first, long last) {
        var download = DownloadRequest.builder()
                .getObjectRequest(get -> get.bucket(bucket).key(key).range(rangeOf(first, last)))
                .responseTransformer(AsyncResponseTransformer.toBytes()).build();
        return transfers.download(download).completionFuture().join().result().asByteArray();
    }

    @Override
    public void copy(String from, String to) {
        transfers.copy(copy -> copy.copyObjectRequest(ask ->
                ask.sourceBucket(bucket).sourceKey(from).destinationBucket(bucket).destinationKey(to)))
                .completionFuture().join();
    }

    @Override
    public void close() {
        transfers.close();
        super.close();
    }
}
