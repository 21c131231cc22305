import { AbstractStartedContainer, GenericContainer, Wait } from 'testcontainers'
import type { StartedTestContainer } from 'testcontainers'
import { drawCredentials, PORT, SEED_PATH, serveCommand } from './serve-command.ts'
import type { Credentials, Seed, ServerOptions } from './serve-command.ts'
import { TestPaths } from './test-paths.ts'

/** A container of Lugsail that keeps everything in memory. */
export class LugsailContainer extends GenericContainer {
  #options: ServerOptions = {
    accountId: '111122223333',
    region: 'us-east-1',
    credentials: drawCredentials(),
  }

  /** @param image what `deploy/Dockerfile` was built as */
  constructor(image: string) {
    super(image)
    this.withExposedPorts(PORT)
    this.withWaitStrategy(Wait.forHttp('/-/ready', PORT).forStatusCode(200))
  }

  withAccountId(accountId: string): this {
    return this.#with({ accountId })
  }

  withRegion(region: string): this {
    return this.#with({ region })
  }

  /** The root key pair; drawn by lot when it is not given. */
  withCredentials(credentials: Credentials): this {
    return this.#with({ credentials })
  }

  /** What the server's clock shows at its start, as `2030-01-31`. */
  withClock(clock: string): this {
    return this.#with({ clock })
  }

  /** What is there at the start and after each reset: buckets and objects, or the path of a folder with a folder for each bucket. */
  withSeed(seed: string | Seed): this {
    if (typeof seed === 'string') this.withCopyDirectoriesToContainer([{ source: seed, target: SEED_PATH }])
    else this.withCopyContentToContainer([{ content: JSON.stringify(seed), target: SEED_PATH }])
    return this.#with({ hasSeed: true })
  }

  /** A further setting, by the name of its variable without `LUGSAIL_`: `LOG_LEVEL`. */
  withSetting(name: string, value: string): this {
    return this.#with({ settings: { ...this.#options.settings, [name]: value } })
  }

  override async start(): Promise<StartedLugsailContainer> {
    const { args, environment } = serveCommand(this.#options)
    this.withCommand(args)
    this.withEnvironment(environment)
    return new StartedLugsailContainer(await super.start(), this.#options)
  }

  #with(options: Partial<ServerOptions>): this {
    this.#options = { ...this.#options, ...options }
    return this
  }
}

/** One that runs. */
export class StartedLugsailContainer extends AbstractStartedContainer {
  readonly #options: ServerOptions
  /** Its `/-/test/`: reset, snapshot, seed, clock, faults, requests. */
  readonly test: TestPaths

  constructor(container: StartedTestContainer, options: ServerOptions) {
    super(container)
    this.#options = options
    this.test = new TestPaths(this.getEndpoint())
  }

  /** `http://HOST:PORT`, for S3, Lightsail's API and STS alike. */
  getEndpoint(): string {
    return `http://${this.getHost()}:${this.getMappedPort(PORT)}`
  }

  getRegion(): string {
    return this.#options.region
  }

  getAccountId(): string {
    return this.#options.accountId
  }

  /** The root key pair. */
  getCredentials(): Credentials {
    return this.#options.credentials
  }

  /** For `new S3Client(…)` of the SDK v3. */
  getS3ClientOptions(): {
    readonly endpoint: string
    readonly region: string
    readonly credentials: Credentials
    readonly forcePathStyle: true
  } {
    return {
      endpoint: this.getEndpoint(),
      region: this.getRegion(),
      credentials: this.getCredentials(),
      forcePathStyle: true,
    }
  }

  /** For child processes: what the AWS CLI, boto3 and every SDK look for in the environment. */
  getEnvironment(): Record<string, string> {
    const { accessKeyId, secretAccessKey } = this.getCredentials()
    return {
      AWS_ENDPOINT_URL: this.getEndpoint(),
      AWS_REGION: this.getRegion(),
      AWS_DEFAULT_REGION: this.getRegion(),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }
  }
}
