/** Which certificates are trusted. */
export interface TlsSettings {
  /** False: any certificate is accepted. */
  readonly isVerified: boolean
  /** Path of the PEM file of trusted certificates that stands in for the built-in ones. */
  readonly caBundlePath?: string | undefined
  /** Path of a PEM file of certificates trusted besides the built-in ones. */
  readonly extraCaPath?: string | undefined
}
