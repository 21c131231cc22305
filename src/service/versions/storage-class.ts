import type { ServiceSettings } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'

/** The class that every object here has. */
const ONLY_CLASS = 'STANDARD'

/** What S3 has besides, for general purpose buckets. */
const OTHER_CLASSES: ReadonlySet<string> = new Set([
  'DEEP_ARCHIVE',
  'GLACIER',
  'GLACIER_IR',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
])

/**
 * Checks the storage class that a new object is to have. Another one of S3's is taken for the only one there is: it says what storing may
 * cost, not what a read gets, and backup tools send it; `refusesStorageClasses` has it refused. Throws `InvalidStorageClass`.
 */
export function checkStorageClass(
  { refusesStorageClasses }: Pick<ServiceSettings, 'refusesStorageClasses'>,
  storageClass: string | undefined,
): void {
  if (storageClass === undefined || storageClass === ONLY_CLASS) return
  if (OTHER_CLASSES.has(storageClass) && !refusesStorageClasses) return
  throw new DomainError('InvalidStorageClass', { storageClass })
}
