import type { MetadataStore } from '../../storage/metadata-store.ts'
import { accountKey } from '../keyspace.ts'
import { accountCodec } from '../records/account.ts'

/** What S3 shows of an account, as owner or grantee; none of it ever changes. */
interface AccountOwner {
  readonly accountId: string
  readonly name: string
  readonly canonicalUserId: string
}

const KEPT_MAX = 10_000

/** Who account ids stand for, in responses. Remembered, for it never changes. */
export class AccountOwners {
  readonly #metadata: MetadataStore
  readonly #known = new Map<string, AccountOwner>()

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata
  }

  /** Who an account id stands for; null when it is no account of this server. */
  async read(accountId: string): Promise<AccountOwner | null> {
    const known = this.#known.get(accountId)
    if (known) return known
    const [entry] = await this.#metadata.getMany([accountKey(accountId)])
    if (!entry) return null
    const { name, canonicalUserId } = accountCodec.decode(entry.value)
    const owner = { accountId, name, canonicalUserId }
    if (this.#known.size >= KEPT_MAX) this.#known.clear()
    this.#known.set(accountId, owner)
    return owner
  }

  /** What S3 calls an account by; one that is gone is called by its account id. */
  async canonicalIdOf(accountId: string): Promise<string> {
    return (await this.read(accountId))?.canonicalUserId ?? accountId
  }
}
