import { HttpConnection } from '../load/http-connection.ts'
import { lightsailRequest } from '../load/signed-request.ts'
import { sendExpecting, type Workload } from '../load/target.ts'

const BUCKETS = 64

/** CreateBucketAccessKey and DeleteBucketAccessKey in turn, each durable, each on a bucket that no other connection uses. */
export const accessKeyPairs: Workload = {
  name: 'CreateBucketAccessKey + DeleteBucketAccessKey',
  connections: [1, 16, 64],
  only: ['Lugsail'],
  bytesPerRequest: 0,
  async prepare(target) {
    const setUp = new HttpConnection(target.host, target.port)
    for (let index = 0; index < BUCKETS; index++) {
      // A bucket that is there from an earlier run answers 400, which is as good.
      await setUp.send(
        lightsailRequest(target, 'CreateBucket', { bucketName: `keys-${index}`, bundleId: 'small_1_0' }),
      )
    }
    setUp.close()
    const buckets = new Map<HttpConnection, string>()
    return {
      requestsPerCall: 2,
      async perform(connection) {
        const bucketName = buckets.get(connection) ?? `keys-${buckets.size % BUCKETS}`
        buckets.set(connection, bucketName)
        let text = ''
        const create = lightsailRequest(target, 'CreateBucketAccessKey', { bucketName })
        const response = await connection.send(create, (bytes) => {
          text += bytes.toString()
        })
        const accessKeyId = /"accessKeyId":"(\w+)"/.exec(text)?.[1]
        if (response.status !== 200 || accessKeyId === undefined)
          throw new Error(`no key was created: ${text}`)
        const remove = lightsailRequest(target, 'DeleteBucketAccessKey', { bucketName, accessKeyId })
        await sendExpecting(connection, remove, { status: 200 })
        return true
      },
    }
  },
}
