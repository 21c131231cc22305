// Declarations alone, since the package ships this file's text as the types of `lugsail/testing`, behind those that it imports.

import type { Duration, FaultInput, RequestRecord, Seed, SeedBucket } from '../server/ephemeral/types.ts'

/** An access key, in the form that the official SDKs take. */
export interface TestCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** How a server is to be; everything may be left out. */
export interface TestServerOptions {
  /** 0 or absent: a free one. */
  readonly port?: number
  /** Address to listen on; 127.0.0.1 when absent. */
  readonly host?: string
  /** Of the first account; `111122223333` when absent. */
  readonly accountId?: string
  /** The first account's root key pair; drawn by lot when absent. */
  readonly credentials?: TestCredentials
  /** The region that the client options name, and in which this library makes buckets; `us-east-1` when absent. */
  readonly region?: string
  /** What the server's clock shows at its start; it runs from there, unless `stopped` is given. Clients sign by the machine's clock all the same. */
  readonly clock?: { readonly now?: Date | string | number; readonly stopped?: boolean }
  /** Buckets and objects that are there at the start, and after each reset: a folder with a folder for each bucket, or the content itself. */
  readonly seed?: string | Seed
  /** Bytes that records and objects may take together; 1 GiB when absent. What does not fit is refused: 507 `InsufficientStorage`. */
  readonly memoryBytesMax?: number
  /** How many requests are remembered; 1,000 when absent. */
  readonly requestsKept?: number
  /** What the server says on standard error; `silent` when absent. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Further settings of `lugsail serve`, by their names in a configuration file: `{ domain: 'localhost', lifecycleDaySeconds: 60 }`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** Whether the process lives until `close`; else it may end as soon as nothing but this server is left. `false` when absent. */
  readonly keepsProcessAlive?: boolean
}

/** A state to which the server that gave it can go back. Costs memory only for what is stored no more otherwise. */
export interface TestSnapshot {
  /** When it was taken, by the server's clock. */
  readonly takenAt: Date
}

/** The server's clock. */
export interface TestClock {
  now(): Date
  /**
   * Moves the clock on, a day at a time, and resolves once the server has done what fell due: objects and uploads expire, keys retire, usage is noted. Presigned URLs
   * and temporary credentials run out by it.
   */
  advance(duration: Duration): Promise<void>
  /** The same up to a moment. */
  advanceTo(moment: Date | string | number): Promise<void>
}

/** A server in this process, which keeps everything in memory. */
export interface TestServer {
  /** `http://127.0.0.1:PORT`, for S3, Lightsail's API and STS alike. */
  readonly endpoint: string
  readonly region: string
  readonly accountId: string
  /** The first account's root key pair. */
  readonly credentials: TestCredentials
  /** For `new S3Client(…)` of the SDK v3; with another key: `{ ...server.s3ClientOptions, credentials: key }`. */
  readonly s3ClientOptions: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: TestCredentials
    readonly forcePathStyle: true
  }
  /** For `new LightsailClient(…)`, `new STSClient(…)` and `createLugsailClient(…)`. */
  readonly lightsailClientOptions: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: TestCredentials
  }
  /** For child processes: what the AWS CLI, boto3 and every SDK look for in the environment. */
  readonly environment: Readonly<Record<string, string>>
  readonly clock: TestClock
  /** Goes back to how it was at its start; requests that are under way change nothing any more. */
  reset(): Promise<void>
  snapshot(): Promise<TestSnapshot>
  /** Goes back to what was stored when the snapshot was taken, and to that time. */
  restore(snapshot: TestSnapshot): Promise<void>
  /** Puts buckets and objects beside what is there. */
  seed(seed: string | Seed): Promise<void>
  createBucket(name: string, bucket?: SeedBucket): Promise<void>
  /** Makes an access key that opens this bucket and nothing else. */
  createBucketAccessKey(bucketName: string): Promise<TestCredentials>
  /** Lets something go wrong with the next requests that fit. Throws for an operation or an error that there is not. */
  failNext(fault: FaultInput): void
  /** The last requests, oldest first. */
  requests(): RequestRecord[]
  /** Ends the server: nothing of it keeps the process alive. Requests under way have five seconds to finish. */
  close(): Promise<void>
}
