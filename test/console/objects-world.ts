import assert from 'node:assert/strict'
import { CreateBucketCommand } from '@aws-sdk/client-lightsail'
import { PutBucketVersioningCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { Page } from 'playwright-core'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { SignedClient } from '../harness/signed-client.ts'
import type { ConsoleWorld, KeyPair } from './console-world.ts'

/** A file for an input element. */
export interface GivenFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** A text as a file. */
export const textFile = (name: string, text: string): GivenFile => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
})

/** Makes a bucket, and gives a client for it. */
export async function makeBucket(
  world: ConsoleWorld,
  bucketName: string,
  { isVersioned = false }: { readonly isVersioned?: boolean } = {},
): Promise<S3Client> {
  await lightsailClient(world.server).send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
  const client = s3Client(world.server)
  if (isVersioned)
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucketName, VersioningConfiguration: { Status: 'Enabled' } }),
    )
  return client
}

/** Stores texts under keys. */
export async function putTexts(
  client: S3Client,
  bucket: string,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, text] of Object.entries(texts))
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: 'text/plain' }),
    )
}

/** Chooses files as the buttons above the list do. */
export const chooseFiles = (page: Page, files: readonly GivenFile[]): Promise<void> =>
  page.getByTestId('files').setInputFiles([...files])

/** Makes an application key, and gives its pair. */
export async function makeKey(
  { server }: ConsoleWorld,
  name: string,
  bounds: {
    readonly rights: readonly string[]
    readonly prefixes?: readonly string[]
    readonly buckets?: readonly string[]
  },
): Promise<KeyPair> {
  const client = new SignedClient(server, server.credentials)
  const { status, body } = await client.lugsail('CreateAccessKey', { name, ...bounds })
  client.close()
  assert.equal(status, 200, body.toString())
  return (JSON.parse(body.toString()) as { readonly accessKey: KeyPair }).accessKey
}
