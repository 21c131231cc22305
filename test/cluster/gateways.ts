import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migratePostgresStore } from '../../src/storage/postgres/open.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { startPostgres, type PostgresServer } from './postgres-server.ts'

/** Several gateways over one PostgreSQL and one S3 cluster, which is a Lugsail of its own. */
export interface Cluster {
  readonly postgres: PostgresServer
  readonly blobServer: BlobServer
  readonly metadataUrl: string
  readonly blobsUrl: string
  /** The gateways that run now. */
  readonly gateways: readonly RunningServer[]
  /** Starts one more gateway (or the one at `index` again, in its old folder). */
  startGateway(index?: number): Promise<RunningServer>
  dispose(): Promise<void>
}

/** The S3 cluster behind the gateways. */
export interface BlobServer {
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Its process; another one after each start. */
  readonly pid: () => number
  /** Ends it at once; {@link start} brings it back on the same port with its data. */
  kill(): Promise<void>
  start(): Promise<void>
  dispose(): Promise<void>
}

export interface ClusterOptions {
  readonly gateways: number
  /** Further options of each gateway. */
  readonly options?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** The S3 cluster; a Lugsail when absent. */
  readonly blobServer?: BlobServer
}

export async function startCluster(settings: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-cluster-'))
  const postgres = await startPostgres()
  const blobServer = settings.blobServer ?? (await startBlobServer())
  const metadataUrl = `${postgres.url}?schema=cluster_${randomBytes(4).toString('hex')}`
  await migratePostgresStore(metadataUrl)
  const blobsUrl = await makeBlobBucket(blobServer)
  const running: RunningServer[] = []
  const startGateway = async (index = running.length) => {
    const dataFolder = join(folder, `gateway-${index}`)
    if (index > 0) shareSecrets(join(folder, 'gateway-0'), dataFolder)
    const gateway = await startServer({
      dataFolder,
      engines: { metadata: metadataUrl, blobs: blobsUrl },
      options: { 'inline-bytes-max': '1024', ...settings.options },
      ...(settings.environment ? { environment: settings.environment } : {}),
    })
    running[index] = gateway
    return gateway
  }
  const cluster: Cluster = {
    postgres,
    blobServer,
    metadataUrl,
    blobsUrl,
    gateways: running,
    startGateway,
    async dispose() {
      await Promise.all(running.map((gateway) => gateway.kill()))
      await blobServer.dispose()
      await postgres.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    for (let count = 0; count < settings.gateways; count++) await startGateway()
    return cluster
  } catch (error) {
    await cluster.dispose()
    throw error
  }
}

/** Every gateway needs the master key of the store; the test also looks for the first account's credentials in each folder. */
function shareSecrets(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of ['master.key', 'credentials']) copyFileSync(join(from, name), join(to, name))
}

/** A Lugsail with embedded engines. */
export async function startBlobServer(): Promise<BlobServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-blobs-'))
  let server = await startServer({ dataFolder: folder })
  const { endpoint, credentials } = server
  return {
    endpoint,
    ...credentials,
    pid: () => server.pid,
    kill: () => server.kill(),
    start: async () => {
      server = await startServer({ dataFolder: folder, options: { listen: new URL(endpoint).host } })
    },
    dispose: async () => {
      await server.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Makes a bucket for blobs, and gives its address as the setting `blobs` has it. */
export async function makeBlobBucket(server: BlobServer): Promise<string> {
  const bucket = `blobs-${randomBytes(4).toString('hex')}`
  await createBucket(server, bucket)
  const login = [server.accessKeyId, server.secretAccessKey].map(encodeURIComponent).join(':')
  return `s3://${login}@${bucket}/lugsail?endpoint=${encodeURIComponent(server.endpoint)}`
}

async function createBucket(server: BlobServer, bucket: string): Promise<void> {
  const { endpoint, accessKeyId, secretAccessKey } = server
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
}
