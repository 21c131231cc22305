/** What a server is known by. */
export interface KnownServer {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** What the command finds around it, with a server to talk to and a home. */
export function commandEnvironment(
  { endpoint, region, credentials }: KnownServer,
  home: string,
): Record<string, string> {
  return {
    HOME: home,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
  }
}
