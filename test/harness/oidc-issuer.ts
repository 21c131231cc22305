import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { exportJWK, SignJWT, type JWTPayload } from 'jose'
import { Provider } from 'oidc-provider'

/** A real OpenID Connect issuer on loopback, which has one client, `ci`. */
export interface OidcIssuer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Who the tokens are for. */
  readonly audience: string
  /** A token for `ci`, as a job asks for it: good for ten minutes. */
  readonly issuedToken: () => Promise<string>
  /** A token with claims of the test's own, signed by the issuer's key. */
  readonly ownToken: (claims: JWTPayload, kid?: string) => Promise<string>
  readonly stop: () => Promise<void>
}

const CLIENT_SECRET = 'secret-of-the-job'

/** Starts an issuer whose tokens are for `audience`. */
export async function startOidcIssuer(audience: string): Promise<OidcIssuer> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'ci',
        client_secret: CLIENT_SECRET,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [jwk] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'store',
          audience,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  })
  server.on('request', provider.callback())
  return {
    url,
    audience,
    issuedToken: async () => {
      const response = await fetch(`${url}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`ci:${CLIENT_SECRET}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience, scope: 'store' }),
      })
      const { access_token: token } = (await response.json()) as { access_token?: string }
      return token ?? assert.fail('the issuer gave no token')
    },
    ownToken: (claims, kid = 'k1') =>
      new SignJWT({ iss: url, sub: 'ci', aud: audience, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(privateKey),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
