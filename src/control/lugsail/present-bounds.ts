import type { keyBounds } from '../../model/lugsail/access-key-shapes.ts'
import type { ValueOf } from '../../model/shape.ts'

type Bounds = { readonly [M in keyof typeof keyBounds]?: ValueOf<(typeof keyBounds)[M]> | undefined }

interface Bounded extends Pick<Bounds, 'rights' | 'policy' | 'prefixes' | 'sourceNetworks'> {
  readonly buckets?: readonly { readonly name: string }[]
  readonly validUntil?: number
}

/** The bounds of a key or a role as the API shows them. */
export const presentBounds = ({
  buckets,
  rights,
  policy,
  prefixes,
  sourceNetworks,
  validUntil,
}: Bounded) => ({
  buckets: buckets?.map((bucket) => bucket.name),
  rights,
  policy,
  prefixes,
  sourceNetworks,
  expiresAt: validUntil,
})
