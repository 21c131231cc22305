import { DEFAULT_CONTENT_TYPE } from '../../model/s3/shapes/object-headers.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { Address } from '../request/address.ts'

/** A type and subtype alone, then perhaps parameters: what a browser reads as what it says. A comma would begin another type. */
const PLAIN_TYPE = /^([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)[ \t]*(?:;[^,]*)?$/
/** Types that browsers show as pages that may run scripts, and those behind which they look for one. */
const ACTIVE_TYPE =
  /^(?:text\/(?:html|xml|xsl)|application\/xml|[^/]+\/[^/]+\+xml|multipart\/.*|message\/.*|unknown\/unknown|application\/unknown|\*\/\*)$/

/**
 * Headers that keep a browser from taking an object for more than its Content-Type says, and a page from acting in the name of the server's own
 * pages (docs/decisions/pages-in-buckets.md): none for types of which browsers make no page.
 */
export function activeContentHeaders(
  contentType: string | undefined,
  { isPathStyle }: Pick<Address, 'isPathStyle'>,
  { pathStylePages }: Pick<ServiceContext['settings'], 'pathStylePages'>,
): readonly string[] {
  if (!isActive(contentType)) return []
  return isPathStyle && pathStylePages === 'sandbox' ? GUARDED_AND_SANDBOXED : GUARDED
}

const GUARDED = ['X-Content-Type-Options', 'nosniff']
const GUARDED_AND_SANDBOXED = [...GUARDED, 'Content-Security-Policy', 'sandbox']

function isActive(contentType: string | undefined): boolean {
  // Most objects have the default, which browsers download.
  if (contentType === undefined || contentType === DEFAULT_CONTENT_TYPE) return false
  const type = PLAIN_TYPE.exec(contentType.toLowerCase())?.[1]
  return type === undefined || ACTIVE_TYPE.test(type)
}
