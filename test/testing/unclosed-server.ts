// A test that forgets to close its server, run by library.test.ts: prints `over` and ends.
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startServer } from '../../src/testing/index.ts'

const server = await startServer()
await server.createBucket('photos')
const s3 = new S3Client(server.s3ClientOptions)
await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: Buffer.alloc(2_000_000) }))
process.stdout.write('over\n')
