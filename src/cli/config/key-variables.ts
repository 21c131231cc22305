/** A key with all that a program needs to use it. */
interface KeyAndServer {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly endpointUrl: string
  readonly region: string
  /** The certificate that the server's own is to be checked with; undefined where programs know it. */
  readonly caBundle: string | undefined
}

/** The variables in which SDKs look for a key and its server: some read the region in the one, some in the other. */
export const variablesOf = (key: KeyAndServer): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  AWS_REGION: key.region,
  AWS_DEFAULT_REGION: key.region,
  AWS_ENDPOINT_URL: key.endpointUrl,
  ...(key.caBundle !== undefined && { AWS_CA_BUNDLE: key.caBundle }),
})

/** Variables that would win over {@link variablesOf}, or not go with them. */
export const CONTRARY_VARIABLES: readonly string[] = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_ENDPOINT_URL_LIGHTSAIL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_STS',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
]
