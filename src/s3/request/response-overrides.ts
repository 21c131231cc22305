import { isHeaderText } from '../../base/header-characters.ts'
import { invalidArgument } from './argument-errors.ts'

/** The query arguments with which a read replaces headers of its response, under the names they have in inputs. */
interface ResponseOverridesInput {
  readonly ResponseCacheControl?: string | undefined
  readonly ResponseContentDisposition?: string | undefined
  readonly ResponseContentEncoding?: string | undefined
  readonly ResponseContentLanguage?: string | undefined
  readonly ResponseContentType?: string | undefined
  readonly ResponseExpires?: string | undefined
}

/** The headers that a request replaces. Throws `InvalidArgument` for a value that no header can hold. */
export function responseOverrides(input: ResponseOverridesInput): Record<string, string> {
  const overrides: Record<string, string> = {}
  const set = (member: string, argument: string, value: string | undefined): void => {
    if (value === undefined) return
    // An argument is decoded: what no header can hold would end this one and begin another.
    if (!isHeaderText(value))
      throw invalidArgument(argument, value, 'Header value cannot be represented using ISO-8859-1.')
    overrides[member] = value
  }
  set('CacheControl', 'response-cache-control', input.ResponseCacheControl)
  set('ContentDisposition', 'response-content-disposition', input.ResponseContentDisposition)
  set('ContentEncoding', 'response-content-encoding', input.ResponseContentEncoding)
  set('ContentLanguage', 'response-content-language', input.ResponseContentLanguage)
  set('ContentType', 'response-content-type', input.ResponseContentType)
  set('Expires', 'response-expires', input.ResponseExpires)
  return overrides
}
