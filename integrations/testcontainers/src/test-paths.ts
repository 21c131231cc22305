/** What is to go wrong, and with which requests; docs/testing-with-lugsail.md has the codes. */
export interface Fault {
  readonly service?: 's3' | 'lightsail' | 'lugsail' | 'sts'
  readonly operation?: string
  readonly bucketName?: string
  readonly objectKey?: string
  readonly code?: string
  readonly times?: number
  readonly delay?: string | number
}

/** A request that the server was sent. */
export interface RequestRecord {
  readonly requestId: string
  readonly receivedAt: string
  readonly service: string
  readonly operation: string | null
  readonly method: string
  readonly path: string
  readonly bucketName: string | null
  readonly objectKey: string | null
  readonly accessKeyId: string | null
  readonly status: number | null
  readonly errorCode: string | null
}

/** Asks a server for what only one with `--ephemeral` does, at `/-/test/`. Each rejects with what the server says is wrong. */
export class TestPaths {
  readonly #endpoint: string

  constructor(endpoint: string) {
    this.#endpoint = endpoint
  }

  async reset(): Promise<void> {
    await this.#ask('POST', 'reset')
  }

  /** Gives the snapshot's name. */
  async snapshot(): Promise<string> {
    const { snapshot } = (await this.#ask('POST', 'snapshot')) as { readonly snapshot: string }
    return snapshot
  }

  async restore(snapshot: string): Promise<void> {
    await this.#ask('POST', 'restore', { snapshot })
  }

  async seed(seed: object): Promise<void> {
    await this.#ask('POST', 'seed', seed)
  }

  async now(): Promise<Date> {
    const { now } = (await this.#ask('GET', 'clock')) as { readonly now: string }
    return new Date(now)
  }

  /** Moves the clock on by a duration as `30d`; resolves once what fell due is done. */
  async advance(duration: string): Promise<void> {
    await this.#ask('POST', 'clock', { advance: duration })
  }

  async failNext(fault: Fault): Promise<void> {
    await this.#ask('POST', 'faults', fault)
  }

  /** The last requests, oldest first. */
  async requests(): Promise<readonly RequestRecord[]> {
    const { requests } = (await this.#ask('GET', 'requests')) as {
      readonly requests: readonly RequestRecord[]
    }
    return requests
  }

  async #ask(method: 'GET' | 'POST', path: string, input?: object): Promise<unknown> {
    const response = await fetch(`${this.#endpoint}/-/test/${path}`, {
      method,
      ...(input === undefined ? {} : { body: JSON.stringify(input) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${messageOf(text) ?? `${response.status} ${text}`}`)
    return text === '' ? {} : JSON.parse(text)
  }
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown }
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
