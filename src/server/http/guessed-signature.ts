import type { ExchangeFacts } from '../../api/exchange.ts'

const GUESSES: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidIdentityToken',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'InvalidSignatureException',
])

/** Whether a request failed by a signature that somebody without the secret may have made. */
export const isGuessedSignature = ({ errorCode }: Pick<ExchangeFacts, 'errorCode'>): boolean =>
  errorCode !== undefined && GUESSES.has(errorCode)
