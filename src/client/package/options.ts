// Declarations alone, since the package ships this file's text as part of its types.

/** An access key, and its token where it is a temporary one. */
export interface LugsailCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Where a client calls, and what it signs with. */
export interface LugsailClientOptions {
  /** The server: `https://storage.example.com`, `http://127.0.0.1:9400`. */
  readonly endpoint: string
  /** The region that is called, in which buckets are made and found; `us-east-1` when absent. */
  readonly region?: string
  /** The root key of an account, or a function that gives it and is asked at each call. */
  readonly credentials: LugsailCredentials | (() => LugsailCredentials)
  /** How often a call is sent at most, the first time included; 3 when absent. */
  readonly attemptsMax?: number
  /** Milliseconds to wait for a connection, and for a response; 60,000 when absent, and 0 waits for ever. */
  readonly timeoutMs?: number
  /** A PEM file of the certificates to trust for TLS instead of the built-in ones. */
  readonly caBundle?: string
  /** Put before the client's own name in the user agent. */
  readonly userAgent?: string
}
