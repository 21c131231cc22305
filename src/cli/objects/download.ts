import { Readable, Transform } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { ObjectError } from './object-error.ts'
import type { ObjectPlace } from './place.ts'
import type { TransferContext } from './transfer.ts'

/** The body of an object on its way, and when the object was made. */
export interface Download {
  readonly body: Readable
  readonly modifiedAt: Date | undefined
}

/** Asks for an object; its body ends with an error when it is shorter than it should be, or its checksum is another one. */
export async function download(
  { client, signal, progress }: TransferContext,
  { bucketName, key }: ObjectPlace,
): Promise<Download> {
  const response = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }), {
    abortSignal: signal,
  })
  const { Body, ContentLength, LastModified } = response
  if (!(Body instanceof Readable)) throw new Error('the response has no body')
  progress.expect(ContentLength)
  let seen = 0
  const counted = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      seen += piece.length
      progress.advance(piece.length)
      done(null, piece)
    },
    flush(done) {
      const isShort = ContentLength !== undefined && seen !== ContentLength
      done(isShort ? new ObjectError(`only ${seen} of ${ContentLength} bytes came; try again`) : null)
    },
    destroy(error, done) {
      if (error !== null) progress.advance(-seen)
      done(error)
    },
  })
  Body.on('error', (error) => counted.destroy(error))
  return { body: Body.pipe(counted), modifiedAt: LastModified }
}
