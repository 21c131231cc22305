import type { HttpConnection } from '../load/http-connection.ts'
import { signedRequest } from '../load/signed-request.ts'
import { sendExpecting, type Target, type Workload } from '../load/target.ts'

const MIB = 1024 * 1024
const PART_BYTES = 16 * MIB
const PARTS = 16

/** Whole uploads of 256 MiB in parts of 16 MiB, one upload a connection at a time. */
export const multipart: Workload = {
  name: 'multipart 256 MiB',
  connections: [1, 16],
  bytesPerRequest: PART_BYTES * PARTS,
  async prepare(target) {
    const body = target.content.pieces(PART_BYTES)
    return {
      requestsPerCall: 1,
      async perform(connection, call) {
        const path = `/${target.bucket}/multipart/${call % 8}`
        const uploadId = await createUpload(target, connection, path)
        const etags: string[] = []
        for (let part = 1; part <= PARTS; part++) {
          const request = signedRequest(target, {
            method: 'PUT',
            path: `${path}?partNumber=${part}&uploadId=${encodeURIComponent(uploadId)}`,
            body,
          })
          const response = await sendExpecting(connection, request, { status: 200 })
          etags.push(/\r\netag: *(\S+)/i.exec(response.head)?.[1] ?? '')
        }
        const list = etags.map(
          (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
        )
        const complete = signedRequest(target, {
          method: 'POST',
          path: `${path}?uploadId=${encodeURIComponent(uploadId)}`,
          body: [Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`)],
        })
        await sendExpecting(connection, complete, { status: 200 })
        return true
      },
    }
  },
}

async function createUpload(target: Target, connection: HttpConnection, path: string): Promise<string> {
  let xml = ''
  const response = await connection.send(
    signedRequest(target, { method: 'POST', path: `${path}?uploads=` }),
    (bytes) => {
      xml += bytes.toString()
    },
  )
  const uploadId = /<UploadId>([^<]+)<\/UploadId>/.exec(xml)?.[1]
  if (response.status !== 200 || uploadId === undefined)
    throw new Error(`no upload was created: ${response.status}`)
  return uploadId
}
