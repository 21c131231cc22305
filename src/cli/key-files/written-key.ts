/** An access key with all that a program needs to use it, as it is written into a program's settings. */
export interface WrittenKey {
  /** What it is for, in a word: the key's name, or the bucket's. */
  readonly name: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly endpointUrl: string
  readonly region: string
  /** The certificate that the server's own is to be checked with; undefined where programs know it. */
  readonly caBundle: string | undefined
}
