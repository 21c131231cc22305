import { ServiceError } from '../../service/errors.ts'
import { isHeaderText } from '../header-text.ts'

/** The query arguments with which a read replaces headers of its answer, under the names they have in inputs. */
interface ResponseOverridesInput {
  readonly ResponseCacheControl?: string | undefined
  readonly ResponseContentDisposition?: string | undefined
  readonly ResponseContentEncoding?: string | undefined
  readonly ResponseContentLanguage?: string | undefined
  readonly ResponseContentType?: string | undefined
  readonly ResponseExpires?: string | undefined
}

/** The headers that a request replaces. Throws `InvalidRequest` for an anonymous one: a link must not change what others see. */
export function responseOverrides(
  input: ResponseOverridesInput,
  isAnonymous: boolean,
): Record<string, string> {
  const overrides: Record<string, string> = {}
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) return
    // An argument is decoded: what is not plain text would end the header and begin another.
    if (!isHeaderText(value)) throw new ServiceError('InvalidArgument', `${name} must be plain text.`)
    overrides[name] = value
  }
  set('CacheControl', input.ResponseCacheControl)
  set('ContentDisposition', input.ResponseContentDisposition)
  set('ContentEncoding', input.ResponseContentEncoding)
  set('ContentLanguage', input.ResponseContentLanguage)
  set('ContentType', input.ResponseContentType)
  set('Expires', input.ResponseExpires)
  if (isAnonymous && Object.keys(overrides).length > 0)
    throw new ServiceError(
      'InvalidRequest',
      'Request specific response headers cannot be used for anonymous GET requests.',
    )
  return overrides
}
