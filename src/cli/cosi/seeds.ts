import { readFileSync } from 'node:fs'
import type { ClientCredentials } from '../../auth/sign-request.ts'

/** Fewer characters can be guessed. */
const SEED_LENGTH_MIN = 32
/** A file that is larger is no file of seeds. */
const FILE_BYTES_MAX = 64 * 1024

/**
 * What secrets are derived from: the lines of a file, the first for new keys; without one the secret of the account's key.
 * @throws Error for a file without a seed, one that is too short, and where credentials that end by themselves would be the seed
 */
export function readSeeds(
  path: string | undefined,
  credentials: ClientCredentials | null,
): readonly [string, ...string[]] {
  if (path === undefined) {
    if (credentials === null)
      throw new Error('cosi calls the server with the root key of an account, and found none')
    if (credentials.sessionToken !== undefined)
      throw new Error(
        'cosi needs --seed-file with temporary credentials: secrets that were derived from them could not be told again',
      )
    return [credentials.secretAccessKey]
  }
  const bytes = readFileSync(path)
  if (bytes.length > FILE_BYTES_MAX)
    throw new Error(`--seed-file: ${path} has more than ${FILE_BYTES_MAX} bytes`)
  const [first, ...earlier] = bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (first === undefined) throw new Error(`--seed-file: ${path} is empty`)
  if ([first, ...earlier].some((seed) => seed.length < SEED_LENGTH_MIN))
    throw new Error(
      `--seed-file: ${path} has a line of fewer than ${SEED_LENGTH_MIN} characters; openssl rand -hex 32 makes one`,
    )
  return [first, ...earlier]
}
