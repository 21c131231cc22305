import { parseRetention, RETENTION_ALLOWED, type Retention } from '../backup/retention.ts'
import type { Setting } from './setting.ts'

/** Which states of a backup stay. `default`: a text of terms. */
export function retention(
  words: Pick<Setting<Retention>, 'option' | 'doc'> & { readonly default: string },
): Setting<Retention> {
  return {
    group: 'Backups',
    option: words.option,
    placeholder: 'TERMS',
    allowed: RETENTION_ALLOWED,
    default: parseRetention(words.default) ?? [],
    defaultText: words.default,
    doc: words.doc,
    isSecret: false,
    parse: parseRetention,
  }
}
